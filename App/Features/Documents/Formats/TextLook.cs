namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>What Markdown can say about how text looks.</summary>
[Flags]
internal enum TextLook
{
    None = 0,
    Bold = 1,
    Italic = 2,
    Strike = 4,
    Code = 8,
    Below = 16,
    Above = 32,
}
