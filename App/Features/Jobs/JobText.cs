using System.Diagnostics.CodeAnalysis;

namespace BlazorAdmin.Features.Jobs;

internal static class JobText
{
    private const char Replacement = '\uFFFD';

    /// <summary>
    /// <paramref name="text"/> as both databases accept it: at most <paramref name="length"/> characters, no NUL, no half of a
    /// surrogate pair. What handlers pass on comes from other programs, and a refused text would refuse the whole batch.
    /// </summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static string? Clean(string? text, int length)
    {
        if (text is null) return null;
        if (text.Length > length)
        {
            var end = length - 1;
            if (char.IsHighSurrogate(text[end - 1])) end--;
            text = string.Concat(text.AsSpan(0, end), "…");
        }

        return IsClean(text) ? text : string.Create(text.Length, text, static (target, source) =>
        {
            for (var i = 0; i < source.Length; i++) target[i] = IsBroken(source, i) ? Replacement : source[i];
        });
    }

    private static bool IsClean(string text)
    {
        for (var i = 0; i < text.Length; i++)
            if (IsBroken(text, i)) return false;
        return true;
    }

    private static bool IsBroken(string text, int i) => text[i] switch
    {
        '\0' => true,
        var c when char.IsHighSurrogate(c) => i + 1 == text.Length || !char.IsLowSurrogate(text[i + 1]),
        var c when char.IsLowSurrogate(c) => i == 0 || !char.IsHighSurrogate(text[i - 1]),
        _ => false,
    };
}
