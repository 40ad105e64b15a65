namespace PledgeTracker.Http;

/// <summary>Documents that a free-form member is a merge patch of this shape.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class ShapedByAttribute(Type type) : Attribute
{
    public Type Type => type;
}
