using System.Reflection;
using System.Text.Json.Nodes;
using FluentValidation;
using FluentValidation.Validators;
using Microsoft.OpenApi;
using PledgeTracker.Ledger;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>Closed vocabularies, and which members are always there.</summary>
internal sealed class OpenApiSchemas : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema shape)
        {
            return;
        }

        if (context.MemberInfo?.GetCustomAttribute<OneOfAttribute>() is { } oneOf)
        {
            var words = (string[])typeof(Words).GetField(oneOf.Vocabulary)!.GetValue(null)!;
            shape.Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))];
            if (shape.Type?.HasFlag(JsonSchemaType.Null) == true)
            {
                shape.Enum.Add(null!);
            }
        }

        if (context.MemberInfo?.GetCustomAttribute<ShapedByAttribute>() is { } shapedBy)
        {
            var members = context.SchemaGenerator.GenerateSchema(shapedBy.Type, context.SchemaRepository);
            shape.AllOf = [members];
            shape.AdditionalProperties = null;
            shape.AdditionalPropertiesAllowed = true;
        }

        if (shape.Format == "double")
        {
            // A decimal number, exact as it is written; nothing here is floating point.
            shape.Format = null;
        }

        shape.ReadOnly = false;
        if (shape.Properties is not { Count: > 0 } properties)
        {
            return;
        }

        if (IsRequest(context.Type))
        {
            shape.AdditionalPropertiesAllowed = false;
            shape.Required = RequiredBy(context.Type);
            AllowNulls(context.Type, properties, shape.Required);
            return;
        }

        // An answer always has all its members, null where there is nothing; only those left out when null may be absent.
        shape.AdditionalPropertiesAllowed = true;
        var optional = context.Type.GetProperties()
            .Where(p => p.GetCustomAttribute<System.Text.Json.Serialization.JsonIgnoreAttribute>() is not null
                        || context.Type.GetConstructors().SelectMany(c => c.GetParameters()).Any(q => q.Name == p.Name && q.HasDefaultValue))
            .Select(p => char.ToLowerInvariant(p.Name[0]) + p.Name[1..]).ToHashSet();
        shape.Required = properties.Keys.Where(name => !optional.Contains(name)).ToHashSet();
        AllowNulls(context.Type, properties);
    }

    // A reference cannot say that it may be null; a choice between it and null can.
    private static void AllowNulls(Type type, IDictionary<string, IOpenApiSchema> properties, ISet<string>? needed = null)
    {
        var nullability = new NullabilityInfoContext();
        foreach (var property in type.GetProperties())
        {
            var name = char.ToLowerInvariant(property.Name[0]) + property.Name[1..];
            if (needed?.Contains(name) == true && properties[name] is OpenApiSchema { Type: { } both } required)
            {
                required.Type = both & ~JsonSchemaType.Null;
                required.Enum?.Remove(null!);
                continue;
            }

            if (needed?.Contains(name) == true || !properties.TryGetValue(name, out var schema) || nullability.Create(property).ReadState != NullabilityState.Nullable)
            {
                continue;
            }

            if (schema is OpenApiSchemaReference)
            {
                properties[name] = new OpenApiSchema { OneOf = [schema, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = schema.Description };
            }
            else if (schema is OpenApiSchema { Type: { } own } inline)
            {
                inline.Type = own | JsonSchemaType.Null;
            }
        }
    }

    private static bool IsRequest(Type type) =>
        type.Name.EndsWith("Request", StringComparison.Ordinal) || type.Name is "Document" or "Classification" or "DonorShare";

    // The rules that the server checks are nested in the operation: a member is required where they say so.
    private static HashSet<string> RequiredBy(Type type)
    {
        var rules = typeof(OpenApi).Assembly.GetTypes().FirstOrDefault(t => t is { IsAbstract: false } && typeof(IValidator).IsAssignableFrom(t)
            && t.BaseType is { IsGenericType: true } validator && validator.GenericTypeArguments[0] == type && t.GetConstructor(Type.EmptyTypes) is not null);
        return rules is null
            ? []
            : ((IValidator)Activator.CreateInstance(rules)!).CreateDescriptor().GetMembersWithValidators()
                .Where(member => member.Any(v => v.Validator is INotNullValidator && !v.Options.HasCondition))
                .Select(member => char.ToLowerInvariant(member.Key[0]) + member.Key[1..]).ToHashSet();
    }
}
