using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>How one kind of mentions, or one field, did on what people have judged.</summary>
/// <param name="Right">Found, and people say so.</param>
/// <param name="Wrong">Found, and people say otherwise.</param>
/// <param name="Missed">Not found, and people say that it is there.</param>
public sealed record MeasuredRow(string Name, bool IsField, int Right, int Wrong, int Missed)
{
    /// <summary>0 to 1; null: nothing of it was found.</summary>
    [JsonIgnore]
    public double? Precision => Right + Wrong == 0 ? null : (double)Right / (Right + Wrong);

    /// <summary>0 to 1; null: nothing of it is there.</summary>
    [JsonIgnore]
    public double? Recall => Right + Missed == 0 ? null : (double)Right / (Right + Missed);
}
