using System.Reflection;
using FastEndpoints;
using FluentValidation.Results;

namespace PledgeTracker.Http;

/// <summary>
/// Reads requests as strictly as the contract asks: a read's from path and query, a write's from its body and, where a property says
/// <see cref="RouteParamAttribute"/>, from the path. Unknown, repeated and malformed parameters and members are faults that say what to send.
/// </summary>
internal sealed class StrictBinder<T> : IRequestBinder<T>
    where T : notnull
{
    // The longest constructor; none where an operation takes nothing, and FastEndpoints' own request stands for that.
    private static readonly ConstructorInfo? Constructor = typeof(T).GetConstructors().MaxBy(c => c.GetParameters().Length);
    private static readonly object?[] Defaults = [.. (Constructor?.GetParameters() ?? []).Select(p => p.HasDefaultValue ? p.DefaultValue : null)];
    private static readonly Member[] Members = [.. Binding.PropertiesOf(typeof(T)).Select(Member.Of)];
    private static readonly bool IsDialect = typeof(T).IsAssignableTo(typeof(IDialect));
    private static readonly Func<HttpContext, byte[], T>? OwnReader = SentBody.OwnReaderOf<T>();

    public async ValueTask<T> BindAsync(BinderContext ctx, CancellationToken ct)
    {
        var context = ctx.HttpContext;
        if (HttpMethods.IsGet(context.Request.Method) || typeof(T).IsAssignableTo(typeof(IStreamsItsBody)))
        {
            return FromQuery(context, ctx.ValidationFailures);
        }

        // A write takes none but the language of its messages, and one that records may be tried out.
        string[] known = Binding.TakesDryRun(context) ? [Binding.DryRun] : [];
        if (context.Request.Query.Keys.Where(name => name != "lang" && !known.Contains(name)).Select(name => Binding.Unknown(name, known)).ToList() is { Count: > 0 } unknown)
        {
            throw Refused.Invalid(unknown);
        }

        // Asked for its refusal of anything but true or false, before the body is looked at.
        _ = Binding.IsDryRun(context);

        var request = OwnReader is not null ? OwnReader(context, await SentBody.ReadAsync(context, ct))
            : Members.All(m => m.IsOfPath) ? Activator.CreateInstance<T>()
            : SentBody.FromJson<T>(await SentBody.ReadAsync(context, ct), ctx.ValidationFailures);
        foreach (var member in Members.Where(m => m.IsOfPath))
        {
            member.Property.SetValue(request, context.Request.RouteValues[member.Name]);
        }

        return request;
    }

    private static T FromQuery(HttpContext context, List<ValidationFailure> failures)
    {
        if (Constructor is null)
        {
            Binding.AddUnknown(context, [], failures);
            return Activator.CreateInstance<T>();
        }

        var arguments = (object?[])Defaults.Clone();
        var set = new List<(PropertyInfo Property, object? Value)>();
        var asked = new List<string>(Members.Length);
        foreach (var member in Members)
        {
            if (context.Request.RouteValues.TryGetValue(member.Name, out var part))
            {
                Give(member, part);
            }
            else if (!member.IsOfPath)
            {
                asked.Add(member.Name);
            }
        }

        Binding.AddUnknown(context, asked, failures, IsDialect);
        var names = Binding.NamesOf(IsDialect);
        foreach (var (name, sent) in context.Request.Query)
        {
            if ((sent.Count == 1 || IsDialect) && asked.Contains(name, names))
            {
                var member = Members.First(m => names.Equals(m.Name, name));
                var (value, fault) = Binding.Parse(name, sent.ToString(), Nullable.GetUnderlyingType(member.Property.PropertyType) ?? member.Property.PropertyType, member.Property.IsDefined(typeof(IdentifierAttribute)));
                Give(member, value);
                if (fault is not null)
                {
                    failures.Add(Binding.ToFailure(fault));
                }
            }
        }

        var request = (T)Constructor.Invoke(arguments);
        set.ForEach(given => given.Property.SetValue(request, given.Value));
        return request;

        void Give(Member member, object? value)
        {
            if (member.Place >= 0)
            {
                arguments[member.Place] = value;
            }
            else
            {
                set.Add((member.Property, value));
            }
        }
    }

    /// <param name="Name">As it is sent.</param>
    /// <param name="Place">Which of the constructor's arguments it is; -1 where it is none.</param>
    private sealed record Member(PropertyInfo Property, string Name, int Place, bool IsOfPath)
    {
        public static Member Of(PropertyInfo property) => new(property, Binding.NameOf(property),
            Array.FindIndex(Constructor?.GetParameters() ?? [], p => p.Name == property.Name), property.IsDefined(typeof(RouteParamAttribute)));
    }
}
