using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using BlazorAdmin.Features.Audit;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Shows stored arguments to people: indented, and without what should stay secret.</summary>
internal static class JobArguments
{
    private const string Masked = "***";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly string[] SecretWords = ["password", "passwort", "secret", "token", "apikey", "credential", "connectionstring"];

    /// <param name="type">Null if no handler of the type is registered here.</param>
    public static string Show(string json, JobType? type)
    {
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return json;
        }

        var marked = type?.Arguments.GetProperties().Where(p => p.GetCustomAttribute<SecretAttribute>() is not null).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        Mask(node, name => marked.Contains(name) || SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
        return node?.ToJsonString(Readable) ?? "null";
    }

    private static void Mask(JsonNode? node, Func<string, bool> isSecret)
    {
        if (node is JsonArray array)
        {
            foreach (var item in array) Mask(item, isSecret);
            return;
        }

        if (node is not JsonObject fields) return;
        foreach (var (name, value) in fields.ToList())
        {
            if (value is not null && isSecret(name)) fields[name] = Masked;
            else Mask(value, isSecret);
        }
    }
}
