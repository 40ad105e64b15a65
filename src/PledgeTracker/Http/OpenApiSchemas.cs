using System.Reflection;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using FastEndpoints;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace PledgeTracker.Http;

/// <summary>Closed vocabularies, which members are always there, and what the rules say of those that are sent.</summary>
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
            var words = (string[])typeof(Vocabulary).GetField(oneOf.Vocabulary)!.GetValue(null)!;
            shape.Enum = [.. words.Select(w => (JsonNode)JsonValue.Create(w))];
            if (shape.Type?.HasFlag(JsonSchemaType.Null) == true)
            {
                shape.Enum.Add(null!);
            }
        }

        if (context.MemberInfo is { Name: nameof(Problem.Code) } code && code.DeclaringType == typeof(Problem))
        {
            shape.Enum = [.. Problems.Codes.Select(c => (JsonNode)JsonValue.Create(c))];
        }

        if (context.MemberInfo?.GetCustomAttribute<ShapedByAttribute>() is { } shapedBy)
        {
            List<IOpenApiSchema> shapes = [.. shapedBy.Types.Select(type => PatchOf(type, context.SchemaGenerator, context.SchemaRepository))];
            shape.AllOf = shapes.Count == 1 ? shapes : null;
            shape.AnyOf = shapes.Count > 1 ? shapes : null;
            shape.AdditionalProperties = null;
            shape.AdditionalPropertiesAllowed = true;
        }

        if (shape.Format == "double")
        {
            // A decimal number, exact as it is written; nothing here is floating point.
            shape.Format = null;
        }

        shape.ReadOnly = false;
        if (shape.Properties is { Count: > 0 } unordered)
        {
            // As they are written: those of a base may come last.
            var order = Json.Options.GetTypeInfo(context.Type).Properties.Select(p => p.Name).ToList();
            var members = shape.Properties = unordered.OrderBy(member => order.IndexOf(member.Key)).ToDictionary();
            // What is sent has rules, and all it may hold is known; an answer may come to hold more.
            var isSent = OpenApiRules.AreThereFor(context.Type);
            shape.AdditionalPropertiesAllowed = !isSent;
            var needed = new HashSet<string>();
            var optional = isSent ? [] : OptionalIn(context.Type);
            var nullability = new NullabilityInfoContext();
            foreach (var property in context.Type.GetProperties())
            {
                var name = Binding.NameOf(property);
                if (property.IsDefined(typeof(RouteParamAttribute)))
                {
                    members.Remove(name);
                }
                else if (members.TryGetValue(name, out var member))
                {
                    var isNeeded = isSent ? OpenApiRules.Describe(context.Type, property.Name, member) : !optional.Contains(property.Name);
                    if (member is OpenApiSchema { Items: { } item } list && property.PropertyType.GenericTypeArguments is [var of] && of.IsAssignableTo(typeof(IMayBeText)))
                    {
                        // The text stands for the first member, and keeps its rules.
                        var text = new OpenApiSchema { Type = JsonSchemaType.String };
                        OpenApiRules.Describe(of, of.GetProperties()[0].Name, text);
                        list.Items = new OpenApiSchema { OneOf = [text, item] };
                    }

                    var mayBeNull = nullability.Create(property).ReadState == NullabilityState.Nullable && !(isSent && isNeeded);
                    if (member is OpenApiSchema { Description: null } undescribed && OpenApiComments.OfName.GetValueOrDefault(name) is { } description)
                    {
                        undescribed.Description = description;
                    }

                    members[name] = mayBeNull ? OrNull(member) : NeverNull(member);
                    if (isNeeded)
                    {
                        needed.Add(name);
                    }
                }
            }

            shape.Required = members.Keys.Where(needed.Contains).ToHashSet();
        }
    }

    /// <summary>The shape of a merge patch: no member has to be there (RFC 7396).</summary>
    public static IOpenApiSchema PatchOf(Type type, ISchemaGenerator generator, SchemaRepository schemas)
    {
        var whole = generator.GenerateSchema(type, schemas);
        var id = ((OpenApiSchemaReference)whole).Reference.Id!;
        if (schemas.Schemas[id].Required is not { Count: > 0 })
        {
            return whole;
        }

        var patch = (OpenApiSchema)schemas.Schemas[id].CreateShallowCopy();
        patch.Required = null;
        return schemas.Schemas.ContainsKey(id + "Patch") ? new OpenApiSchemaReference(id + "Patch") : schemas.AddDefinition(id + "Patch", patch);
    }

    /// <summary>An answer has all its members, null where there is nothing; but these are left out.</summary>
    private static HashSet<string> OptionalIn(Type type) =>
    [
        .. type.GetProperties().Where(p => p.IsDefined(typeof(JsonIgnoreAttribute))).Select(p => p.Name),
        .. type.GetConstructors().SelectMany(c => c.GetParameters()).Where(p => p.HasDefaultValue).Select(p => p.Name!),
    ];

    private static IOpenApiSchema NeverNull(IOpenApiSchema member)
    {
        if (member is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type & ~JsonSchemaType.Null;
            plain.Enum?.Remove(null!);
        }

        return member;
    }

    // A reference cannot say that it may be null; a choice between it and null can.
    private static IOpenApiSchema OrNull(IOpenApiSchema member)
    {
        if (member is OpenApiSchemaReference)
        {
            return new OpenApiSchema { OneOf = [member, new OpenApiSchema { Type = JsonSchemaType.Null }], Description = member.Description };
        }

        if (member is OpenApiSchema { Type: { } type } plain)
        {
            plain.Type = type | JsonSchemaType.Null;
            if (plain.Enum is { } words && !words.Contains(null!))
            {
                words.Add(null!);
            }
        }

        return member;
    }
}
