// The slider of the steps over time.
