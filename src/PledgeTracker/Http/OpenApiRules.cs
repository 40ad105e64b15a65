using System.Globalization;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;

namespace PledgeTracker.Http;

/// <summary>What the rules that the server checks say in the document: whatever is sent is bounded there as it is here.</summary>
internal static class OpenApiRules
{
    // Rules have no dependencies and are the same for every server in the process.
    private static readonly Dictionary<Type, IValidator> ByType = typeof(OpenApiRules).Assembly.GetTypes()
        .Where(t => t is { IsAbstract: false, ContainsGenericParameters: false } && t.IsAssignableTo(typeof(IValidator)) && t.GetConstructor(Type.EmptyTypes) is not null)
        .ToDictionary(ValidatedBy, t => (IValidator)Activator.CreateInstance(t)!);

    /// <summary>Whether there are rules for what this type is sent as.</summary>
    public static bool AreThereFor(Type type) => ByType.ContainsKey(type);

    /// <summary>Writes what the rules say of a member into its schema. Whether it must be there.</summary>
    public static bool Describe(Type type, string member, IOpenApiSchema schema)
    {
        var isNeeded = false;
        foreach (var rule in ByType.TryGetValue(type, out var rules) ? rules.CreateDescriptor().Rules.Where(r => r.Member?.Name == member && !r.HasCondition) : [])
        {
            var isOfEach = rule.GetType().GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ICollectionRule<,>));
            var target = (isOfEach ? schema.Items : schema) as OpenApiSchema;
            foreach (var component in rule.Components.Where(c => !c.HasCondition))
            {
                switch (component.Validator)
                {
                    case INotNullValidator:
                        isNeeded = true;
                        break;
                    case IDescribedRule described when target is not null:
                        described.Describe(target);
                        break;
                    case IBetweenValidator range when target is not null:
                        (target.Minimum, target.Maximum) = (Convert.ToString(range.From, CultureInfo.InvariantCulture), Convert.ToString(range.To, CultureInfo.InvariantCulture));
                        break;
                }
            }
        }

        return isNeeded;
    }

    private static Type ValidatedBy(Type rules) =>
        rules.GetInterfaces().Single(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IValidator<>)).GenericTypeArguments[0];
}
