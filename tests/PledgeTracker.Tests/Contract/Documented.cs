using System.Text.Encodings.Web;
using System.Text.Json;

namespace PledgeTracker.Tests.Contract;

/// <summary>Compares what is sent with the schemas of the OpenAPI document.</summary>
internal static class Documented
{
    private static readonly JsonSerializerOptions AsSent = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>
    /// An answer has the members that its schema requires, none that it does not name, and those in its order, all the way down; and it is
    /// written without white space and with every letter as itself.
    /// </summary>
    public static void Matches(JsonElement document, JsonElement schema, Answer answer, string where)
    {
        Assert.True(answer.Status == 200, $"{where}: {answer.Status} {answer.Text}");
        Matches(document, schema, answer.Json, where);
        Assert.Equal(JsonSerializer.Serialize(answer.Json, AsSent), answer.Text);
    }

    private static void Matches(JsonElement document, JsonElement schema, JsonElement value, string where)
    {
        if (schema.TryGetProperty("oneOf", out var choices))
        {
            if (value.ValueKind == JsonValueKind.Null)
            {
                return;
            }

            schema = choices.EnumerateArray().First(c => c.TryGetProperty("$ref", out _));
        }

        if (schema.TryGetProperty("$ref", out var reference))
        {
            schema = document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1]);
        }

        if (!schema.TryGetProperty("type", out _))
        {
            // A change holds what was sent, whatever that was.
            Assert.Contains(where.Split('.')[^1], (string[])["before", "after"]);
            return;
        }

        var types = schema.TryGetProperty("type", out var type)
            ? type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!).ToArray() : [type.GetString()!]
            : [];
        var kind = value.ValueKind switch
        {
            JsonValueKind.Null => "null",
            JsonValueKind.True or JsonValueKind.False => "boolean",
            JsonValueKind.Number => types.Contains("integer") ? "integer" : "number",
            JsonValueKind.String => "string",
            JsonValueKind.Array => "array",
            _ => "object",
        };
        Assert.True(types.Contains(kind), $"{where} is {kind}, documented as {string.Join('|', types)}");
        if (kind == "string" && schema.TryGetProperty("enum", out var words))
        {
            Assert.Contains(value.GetString(), words.EnumerateArray().Select(w => w.GetString()));
        }

        if (kind == "array")
        {
            foreach (var item in value.EnumerateArray())
            {
                Matches(document, schema.GetProperty("items"), item, where + "[]");
            }
        }

        if (kind == "object")
        {
            var properties = schema.GetProperty("properties");
            foreach (var required in schema.TryGetProperty("required", out var names) ? names.EnumerateArray() : default)
            {
                Assert.True(value.TryGetProperty(required.GetString()!, out _), $"{where} lacks {required}");
            }

            foreach (var member in value.EnumerateObject())
            {
                Assert.True(properties.TryGetProperty(member.Name, out var property), $"{where}.{member.Name} is not documented");
                Matches(document, property, member.Value, $"{where}.{member.Name}");
            }

            var order = properties.EnumerateObject().Select(p => p.Name).Where(name => value.TryGetProperty(name, out _));
            Assert.Equal(order, value.EnumerateObject().Select(m => m.Name));
        }
    }
}
