using System.Text;
using System.Text.Json;

namespace BlazorAdmin.Live;

/// <summary>One message on its way to the other processes. <paramref name="Json"/> is ASCII.</summary>
public readonly record struct NodeEnvelopeItem(string Topic, string Json);

/// <summary>
/// What travels between processes: <c>{"n": instance of the sender, "g": it lost messages, "m": [{"t": topic, "d": message}]}</c>.
/// </summary>
/// <param name="Sender">Instance of the sending process; it ignores its own.</param>
/// <param name="Gap">The sender dropped messages before these.</param>
public sealed record NodeEnvelope(Guid Sender, bool Gap, IReadOnlyList<(string Topic, JsonElement Message)> Messages)
{
    /// <summary>PostgreSQL takes payloads below 8,000 bytes.</summary>
    public const int MaxBytes = 7_900;

    /// <summary>Longest message that fits an envelope of its own, topic and JSON together.</summary>
    public const int MaxItemBytes = MaxBytes - 100;

    /// <summary>Packs items in order into as few envelopes as their size allows; what is the same stands once.</summary>
    public static IReadOnlyList<string> Pack(Guid sender, bool gap, IEnumerable<NodeEnvelopeItem> items)
    {
        var head = $$"""{"n":"{{sender:N}}",{{(gap ? "\"g\":true," : "")}}"m":[""";
        var packed = new List<string>();
        var seen = new HashSet<NodeEnvelopeItem>();
        var text = new StringBuilder(head);
        foreach (var item in items)
        {
            if (!seen.Add(item)) continue;
            if (text.Length > head.Length)
            {
                if (text.Length + SizeOf(item) + 3 > MaxBytes)
                {
                    packed.Add(text.Append("]}").ToString());
                    text.Clear().Append(head);
                }
                else
                {
                    text.Append(',');
                }
            }

            text.Append("{\"t\":\"").Append(JsonEncodedText.Encode(item.Topic).Value).Append("\",\"d\":").Append(item.Json).Append('}');
        }

        if (text.Length > head.Length || gap) packed.Add(text.Append("]}").ToString());
        return packed;
    }

    /// <summary>Bytes that an item takes in an envelope.</summary>
    public static int SizeOf(NodeEnvelopeItem item) => JsonEncodedText.Encode(item.Topic).EncodedUtf8Bytes.Length + item.Json.Length + 14;

    /// <returns>Null if the text is none of ours.</returns>
    public static NodeEnvelope? Read(string payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("n", out var sender) || !Guid.TryParseExact(sender.GetString(), "N", out var instance)) return null;
            var messages = new List<(string, JsonElement)>();
            foreach (var item in root.GetProperty("m").EnumerateArray())
                messages.Add((item.GetProperty("t").GetString() ?? "", item.GetProperty("d").Clone()));
            return new NodeEnvelope(instance, root.TryGetProperty("g", out var gap) && gap.ValueKind == JsonValueKind.True, messages);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return null;
        }
    }
}
