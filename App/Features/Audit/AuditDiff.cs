using System.Text.Json;

namespace BlazorAdmin.Features.Audit;

/// <summary>Makes what a row holds as JSON readable.</summary>
public static class AuditDiff
{
    /// <summary>Pairs the properties of <c>Before</c> and <c>After</c>; what did not change is left out.</summary>
    public static IReadOnlyList<AuditChange> Of(string? before, string? after)
    {
        var (old, now) = (Read(before), Read(after));
        var changes = new List<AuditChange>();
        foreach (var key in old.Keys.Union(now.Keys))
        {
            var (from, to) = (old.GetValueOrDefault(key) ?? [], now.GetValueOrDefault(key) ?? []);
            foreach (var property in from.Keys.Union(to.Keys))
            {
                var (was, becomes) = (from.GetValueOrDefault(property), to.GetValueOrDefault(property));
                // A secret shows only that it changed, and so does what was erased.
                if (was != becomes || was is "***" or PersonalValue.Erased) changes.Add(new AuditChange(key.Entity, key.Id, property, was, becomes));
            }
        }

        return changes;
    }

    /// <summary>The members of a JSON object as lines; other JSON as one line.</summary>
    public static IReadOnlyList<(string Name, string Value)> Lines(string? detail)
    {
        if (string.IsNullOrEmpty(detail)) return [];
        try
        {
            using var json = JsonDocument.Parse(detail);
            return json.RootElement.ValueKind == JsonValueKind.Object
                ? [.. json.RootElement.EnumerateObject().Select(p => (p.Name, Text(p.Value) ?? ""))]
                : [("", Text(json.RootElement) ?? "")];
        }
        catch (JsonException)
        {
            return [("", detail)];
        }
    }

    private static Dictionary<(string Entity, string Id), Dictionary<string, string?>> Read(string? text)
    {
        var things = new Dictionary<(string, string), Dictionary<string, string?>>();
        if (string.IsNullOrEmpty(text)) return things;
        try
        {
            using var json = JsonDocument.Parse(text);
            if (json.RootElement.ValueKind != JsonValueKind.Array) return things;
            foreach (var thing in json.RootElement.EnumerateArray())
            {
                var key = (thing.GetProperty("entity").GetString() ?? "", thing.GetProperty("id").GetString() ?? "");
                var values = things[key] = [];
                foreach (var value in thing.GetProperty("values").EnumerateObject()) values[value.Name] = Text(value.Value);
            }
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            // A row of another version: its raw JSON is still in the export.
            things.Clear();
        }

        return things;
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Object => PersonalValue.Read(value) ?? value.GetRawText(),
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Select(Text)),
        _ => value.GetRawText(),
    };
}
