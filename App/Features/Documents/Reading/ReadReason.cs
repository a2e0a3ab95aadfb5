namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Why a reading ended as it did: a key of the texts of this slice and its arguments.</summary>
public sealed record ReadReason(string Key, params string[] Arguments)
{
    /// <summary>What <see cref="ToString"/> wrote, for arguments without a comma; null for any other text.</summary>
    public static ReadReason? Parse(string text)
    {
        var open = text.IndexOf('(', StringComparison.Ordinal);
        if (open < 0) return new ReadReason(text);
        return text.EndsWith(')') ? new ReadReason(text[..open], text[(open + 1)..^1].Split(", ")) : null;
    }

    public override string ToString() => Arguments.Length == 0 ? Key : $"{Key}({string.Join(", ", Arguments)})";
}
