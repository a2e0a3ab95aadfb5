namespace BlazorAdmin.Features.Documents.Extraction;

/// <summary>
/// Finds whole words and phrases of many lists in one pass: a tree of tokens, walked from each word of the text. The time grows with the text
/// times the words of the longest phrase, whatever the number of entries.
/// </summary>
/// <typeparam name="T">What an entry stands for.</typeparam>
internal sealed class WordTrie<T>
{
    /// <summary>Longer phrases are no names any more.</summary>
    public const int MostTokens = 20;

    private readonly Node _root = new();

    public int Count { get; private set; }

    /// <returns>False for an entry without letters and digits, or with too many words.</returns>
    public bool Add(string phrase, T meaning, bool matchCase)
    {
        var node = _root;
        var (tokens, end) = (0, 0);
        var words = false;
        while (Next(phrase, end) is { } token)
        {
            if (++tokens > MostTokens) return false;
            words |= char.IsLetterOrDigit(phrase[token.Start]);
            node = node.Child(Key(phrase, token, tokens > 1 && token.Start > end).ToLowerInvariant());
            end = token.End;
        }
        if (!words) return false;
        (node.Entries ??= []).Add((meaning, matchCase ? Squeezed(phrase) : null));
        Count++;
        return true;
    }

    /// <summary>Calls <paramref name="found"/> with the longest entry at each place and goes on behind it.</summary>
    public void Find(string text, Action<int, int, T> found)
    {
        if (Count == 0) return;
        var at = 0;
        while (Next(text, at) is { } first)
        {
            var (node, end, best) = (_root, first.Start, -1);
            List<T>? meanings = null;
            for (var token = (Token?)first; token is { } current; token = Next(text, end))
            {
                if (node.Find(Key(text, current, current.Start > end)) is not { } next) break;
                (node, end) = (next, current.End);
                if (node.Entries is null) continue;
                var fits = node.Entries.Where(entry => entry.Exact is null || entry.Exact == Squeezed(text.AsSpan(first.Start, current.End - first.Start))).Select(entry => entry.Meaning).ToList();
                if (fits.Count > 0) (best, meanings) = (current.End, fits);
            }
            if (best > 0) meanings!.ForEach(meaning => found(first.Start, best, meaning));
            at = best > 0 ? best : first.End;
        }
    }

    /// <summary>A run of letters and digits, or one other character that is no blank.</summary>
    private static Token? Next(string text, int from)
    {
        while (from < text.Length && char.IsWhiteSpace(text[from])) from++;
        if (from == text.Length) return null;
        var end = from + 1;
        if (IsWord(text[from]))
            while (end < text.Length && IsWord(text[end])) end++;
        return new Token(from, end);
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || char.IsSurrogate(c) || char.GetUnicodeCategory(c) is System.Globalization.UnicodeCategory.NonSpacingMark;

    private static string Key(string text, Token token, bool gap) => gap ? " " + text[token.Start..token.End] : text[token.Start..token.End];

    private static string Squeezed(ReadOnlySpan<char> phrase) => TextScan.Tidy(phrase);

    private readonly record struct Token(int Start, int End);

    private sealed class Node
    {
        private Dictionary<string, Node>? _children;

        public List<(T Meaning, string? Exact)>? Entries { get; set; }

        public Node Child(string key)
        {
            _children ??= new Dictionary<string, Node>(StringComparer.OrdinalIgnoreCase);
            if (!_children.TryGetValue(key, out var child)) _children[key] = child = new Node();
            return child;
        }

        public Node? Find(string key) => _children?.GetValueOrDefault(key);
    }
}
