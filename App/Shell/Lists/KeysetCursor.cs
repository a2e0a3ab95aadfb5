using System.Buffers.Text;
using System.Text.Json;

namespace BlazorAdmin.Shell.Lists;

/// <summary>A place in an order: the sort it belongs to, the key and id of the row there, and which way to read from it.</summary>
internal sealed record KeysetCursor(string Sort, bool Descending, bool Backward, string? Key, string Id)
{
    public string Encode() => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new[] { (Descending ? "-" : "") + Sort, Backward ? "p" : "n", Key, Id }));

    /// <summary>Null for text that is no cursor, or one of another sort: links get shortened and edited.</summary>
    public static KeysetCursor? Decode(string? text, string sort, bool descending)
    {
        if (string.IsNullOrEmpty(text) || text.Length > 2000 || !Base64Url.IsValid(text)) return null;
        try
        {
            return JsonSerializer.Deserialize<string?[]>(Base64Url.DecodeFromChars(text)) is [{ } order, { } way, var key, { } id]
                && order == (descending ? "-" : "") + sort
                ? new KeysetCursor(sort, descending, way == "p", key, id)
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
