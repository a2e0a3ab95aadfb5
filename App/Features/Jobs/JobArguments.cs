using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using BlazorAdmin.Features.Audit;
using BlazorAdmin.Features.Jobs.Editing;

namespace BlazorAdmin.Features.Jobs;

/// <summary>Shows stored arguments to people: indented, and without what should stay secret.</summary>
internal static class JobArguments
{
    private const string Masked = "***";
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What a person edits is held to more than what code wrote: a mistyped name must not be passed over.
    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true,
    };

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

        Mask(node, IsSecret(type));
        return node?.ToJsonString(Readable) ?? "null";
    }

    /// <summary>
    /// What is stored when people edit what <see cref="Show"/> gave them: masked values that they left alone keep what is stored.
    /// </summary>
    /// <param name="arguments">As JSON without blanks; only meaningful if nothing is wrong.</param>
    /// <returns>What is wrong with <paramref name="edited"/>; null if the type can read it.</returns>
    public static ArgumentsProblem? TryMerge(string edited, string stored, JobType? type, out string arguments)
    {
        arguments = "";
        JsonNode? node;
        try
        {
            node = JsonNode.Parse(edited);
        }
        catch (JsonException exception)
        {
            return new ArgumentsProblem(Brief(exception.Message), exception.LineNumber + 1, exception.BytePositionInLine + 1);
        }

        if (node is not JsonObject fields) return new ArgumentsProblem("An object in braces is expected.", 1, 1);
        if (Unmask(fields, Parse(stored), IsSecret(type), "") is { } lost) return new ArgumentsProblem("No value is stored for ***; write the value.", Field: lost);
        arguments = fields.ToJsonString(JsonSerializerOptions.Web);
        if (type is null) return null;
        try
        {
            return JsonSerializer.Deserialize(arguments, type.Arguments, Strict) is null ? new ArgumentsProblem("An object is expected.") : null;
        }
        catch (JsonException exception)
        {
            return new ArgumentsProblem(Brief(exception.Message), Field: exception.Path?.TrimStart('$').TrimStart('.') is { Length: > 0 } path ? path : null);
        }
    }

    private static JsonNode? Parse(string json)
    {
        try
        {
            return JsonNode.Parse(json);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Func<string, bool> IsSecret(JobType? type)
    {
        var marked = type?.Arguments.GetProperties().Where(p => p.GetCustomAttribute<SecretAttribute>() is not null).Select(p => p.Name).ToHashSet(StringComparer.OrdinalIgnoreCase) ?? [];
        return name => marked.Contains(name) || SecretWords.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase));
    }

    /// <returns>Path of a masked value without a stored one.</returns>
    private static string? Unmask(JsonNode? node, JsonNode? stored, Func<string, bool> isSecret, string path)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
                if (Unmask(array[i], (stored as JsonArray)?.ElementAtOrDefault(i), isSecret, $"{path}[{i}]") is { } lost) return lost;
            return null;
        }

        if (node is not JsonObject fields) return null;
        foreach (var (name, value) in fields.ToList())
        {
            var (old, here) = ((stored as JsonObject)?[name], path.Length == 0 ? name : $"{path}.{name}");
            if (value is JsonValue && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == Masked && isSecret(name))
            {
                if (old is null) return here;
                fields[name] = old.DeepClone();
            }
            else if (Unmask(value, old, isSecret, here) is { } lost) return lost;
        }

        return null;
    }

    // Path and place stand in the exception's own fields.
    private static string Brief(string message) => message.Split(" Path: ")[0].Split(" LineNumber: ")[0];

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
