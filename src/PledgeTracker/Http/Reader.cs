namespace PledgeTracker.Http;

/// <summary>For whom something is shown: in which language, and on which day.</summary>
/// <param name="Today">Today in UTC: one value for the whole answer, so that midnight cannot fall inside it.</param>
public sealed record Reader(Language Language, DateOnly Today)
{
    /// <summary>SQL for a text that is kept in both languages, in the reader's or else in the other: <c>coalesce(f.name_en, f.name_ar)</c>.</summary>
    /// <param name="column">Without its ending.</param>
    public string Text(string column) => Language == Language.Arabic ? $"coalesce({column}_ar, {column}_en)" : $"coalesce({column}_en, {column}_ar)";

    internal static Reader Of(HttpContext context) => new(Languages.Of(context), context.RequestServices.GetRequiredService<TimeProvider>().Today());
}
