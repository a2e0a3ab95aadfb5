using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Dashboard;

/// <summary>A card on a dashboard as it is kept.</summary>
/// <param name="Key">Tells cards of one dashboard apart: the same widget may lie there twice.</param>
/// <param name="Widget">Id of the widget.</param>
/// <param name="Settings">What was chosen for it; null for the defaults.</param>
public sealed record BoardItem(
    [property: JsonPropertyName("k")] string Key,
    [property: JsonPropertyName("w")] string Widget,
    [property: JsonPropertyName("p")] GridPlace Place,
    [property: JsonPropertyName("s"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, string>? Settings = null);

/// <summary>The cards of a dashboard and how they are written into its row.</summary>
public sealed record BoardLayout([property: JsonPropertyName("items")] IReadOnlyList<BoardItem> Items)
{
    /// <summary>Cards on one dashboard.</summary>
    public const int MostItems = 60;

    private const int LongestKey = 20;
    private static readonly JsonSerializerOptions Format = new() { Converters = { new PlaceConverter() } };

    public static BoardLayout Empty { get; } = new([]);

    public string ToJson() => JsonSerializer.Serialize(this, Format);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="JsonException">It is something else, or more than a dashboard may hold.</exception>
    public static BoardLayout FromJson(string json)
    {
        var layout = JsonSerializer.Deserialize<BoardLayout>(json, Format);
        if (layout?.Items is not { } items) throw new JsonException("There are no items.");
        if (items.Count > MostItems) throw new JsonException($"There are {items.Count} items, at most {MostItems} are allowed.");
        if (items.Any(item => item is not { Key: { Length: > 0 and <= LongestKey }, Widget.Length: > 0 })) throw new JsonException("An item has no key or no widget.");
        if (items.DistinctBy(item => item.Key).Count() != items.Count) throw new JsonException("Two items have the same key.");
        return layout;
    }

    /// <summary>A key that no item has yet: the first free number.</summary>
    public static string NewKey(IEnumerable<BoardItem> items)
    {
        var taken = items.Select(item => item.Key).ToHashSet();
        return Enumerable.Range(1, taken.Count + 1).Select(n => n.ToString(System.Globalization.CultureInfo.InvariantCulture)).First(key => !taken.Contains(key));
    }

    /// <summary>Four numbers, so that a row stays small.</summary>
    private sealed class PlaceConverter : JsonConverter<GridPlace>
    {
        public override GridPlace Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<int[]>(ref reader) is [var x, var y, var w, var h] ? new GridPlace(x, y, w, h) : throw new JsonException("A place is four numbers.");

        public override void Write(Utf8JsonWriter writer, GridPlace value, JsonSerializerOptions options)
        {
            writer.WriteStartArray();
            foreach (var number in (ReadOnlySpan<int>)[value.X, value.Y, value.W, value.H]) writer.WriteNumberValue(number);
            writer.WriteEndArray();
        }
    }
}
