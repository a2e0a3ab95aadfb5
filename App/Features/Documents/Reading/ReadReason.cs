namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Why a reading ended as it did: a key of the texts of this slice and its arguments.</summary>
public sealed record ReadReason(string Key, params string[] Arguments)
{
    public override string ToString() => Arguments.Length == 0 ? Key : $"{Key}({string.Join(", ", Arguments)})";
}
