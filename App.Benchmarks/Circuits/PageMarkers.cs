using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>What a page of HTML says about its interactive components.</summary>
internal sealed partial record PageMarkers(IReadOnlyList<JsonObject> Roots, string State)
{
    public static PageMarkers Parse(string html)
    {
        var roots = new List<JsonObject>();
        foreach (Match match in Marker().Matches(html))
        {
            // A component that is prerendered has a second marker at its end, which carries only the id.
            var marker = JsonNode.Parse(match.Groups[1].Value)!.AsObject();
            if ((string?)marker["type"] == "server") roots.Add(marker);
        }

        var state = ServerState().Match(html);
        return new PageMarkers(roots, state.Success ? state.Groups[1].Value : "");
    }

    /// <summary>The operations that make every marked component live, as the hub method UpdateRootComponents takes them.</summary>
    public string ToOperations()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteNumber("batchId", 1);
            writer.WriteStartArray("operations");
            for (var index = 0; index < Roots.Count; index++)
            {
                writer.WriteStartObject();
                writer.WriteString("type", "add");
                writer.WriteNumber("ssrComponentId", index + 1);
                writer.WritePropertyName("marker");
                Roots[index].WriteTo(writer);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    [GeneratedRegex("<!--Blazor:(\\{.*?\\})-->", RegexOptions.Singleline)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(.*?)-->", RegexOptions.Singleline)]
    private static partial Regex ServerState();
}
