using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Finds the parts of a mail message (RFC 5322, RFC 2046) in one pass over the file, line by line; bodies are not kept.</summary>
internal sealed class EmailScan
{
    private const int MaxDepth = 10;
    private const int MaxParts = 500;
    private const int LongestHeader = 256 << 10;
    private readonly string _path;
    private readonly List<string> _boundaries = [];
    private readonly List<EmailPart> _leaves = [];
    private Dictionary<string, string> _headers = new(StringComparer.OrdinalIgnoreCase);
    private string? _name;
    private int _headerBytes;
    private long _start;
    private Place _place = Place.Headers;
    private EmailPart? _root;

    private EmailScan(string path) => _path = path;

    private enum Place
    {
        Headers,
        Body,

        /// <summary>Before the first part of a container, or behind its last.</summary>
        Between,
    }

    /// <returns>The message itself with its headers, and the leaves of it in order, containers opened.</returns>
    public static (EmailPart Root, IReadOnlyList<EmailPart> Leaves) Read(string path)
    {
        var scan = new EmailScan(path);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1);
        var lines = new LineReader(file);
        var ended = 0;
        while (lines.Next())
        {
            scan.See(lines, ended);
            ended = lines.EndLength;
        }
        scan.Close(file.Length, file.Length);
        return (scan._root!, scan._leaves);
    }

    /// <param name="endedBefore">Bytes of the line end before this line: it belongs to the boundary.</param>
    private void See(LineReader line, int endedBefore)
    {
        if (line.Text is ['-', '-', ..] && Boundary(line.Text) is { } found)
        {
            Close(line.Start - endedBefore, line.Start);
            _boundaries.RemoveRange(found.Index + 1, _boundaries.Count - found.Index - 1);
            if (found.IsLast) _boundaries.RemoveAt(found.Index);
            (_place, _headers, _name, _headerBytes) = (found.IsLast ? Place.Between : Place.Headers, new(StringComparer.OrdinalIgnoreCase), null, 0);
            return;
        }
        if (_place != Place.Headers) return;
        if (line.Text.Length == 0) Begin(line.Following);
        else Header(line.Text);
    }

    private (int Index, bool IsLast)? Boundary(string text)
    {
        for (var i = _boundaries.Count - 1; i >= 0; i--)
        {
            if (string.CompareOrdinal(text, 2, _boundaries[i], 0, _boundaries[i].Length) != 0) continue;
            var rest = text.AsSpan(2 + _boundaries[i].Length);
            if (rest.StartsWith("--")) return (i, true);
            if (rest.Trim().Length == 0) return (i, false);
        }
        return null;
    }

    private void Header(string line)
    {
        if ((_headerBytes += line.Length) > LongestHeader) return;
        if (line[0] is ' ' or '\t')
        {
            if (_name is not null) _headers[_name] += " " + line.Trim();
            return;
        }
        var colon = line.IndexOf(':');
        _name = colon > 0 ? line[..colon].Trim() : null;
        if (_name is not null && !_headers.TryAdd(_name, line[(colon + 1)..].Trim())) _name = null;
    }

    /// <summary>The headers are over.</summary>
    private void Begin(long at)
    {
        var part = new EmailPart(_headers, _path, at, at);
        _root ??= part;
        (_start, _place) = (at, Place.Between);
        if (part.Boundary is { } boundary)
        {
            // Deeper ones are nobody's mail.
            if (_boundaries.Count < MaxDepth) _boundaries.Add(boundary);
        }
        else if (_leaves.Count < MaxParts) _place = Place.Body;
    }

    private void Close(long end, long begin)
    {
        if (_place == Place.Headers) Begin(begin);
        if (_place == Place.Body) _leaves.Add(new EmailPart(_headers, _path, _start, end));
        _place = Place.Between;
    }

    /// <summary>Lines of a file with their places; of a long line the beginning.</summary>
    private sealed class LineReader(FileStream file)
    {
        private const int Longest = 64 << 10;
        private readonly byte[] _buffer = new byte[128 << 10];
        private readonly byte[] _line = new byte[Longest];
        private int _at, _filled;

        public long Start { get; private set; }

        /// <summary>Where the next line begins.</summary>
        public long Following { get; private set; }

        /// <summary>Bytes of the line's end: 0 at the end of the file, 2 for CR LF.</summary>
        public int EndLength { get; private set; }

        /// <summary>One character a byte, so that every part can be decoded in its own character set.</summary>
        public string Text { get; private set; } = "";

        public bool Next()
        {
            (Start, EndLength) = (Following, 0);
            var (kept, length, lastIsReturn) = (0, 0L, false);
            while (true)
            {
                if (_at == _filled && (_filled = file.Read(_buffer, _at = 0, _buffer.Length)) == 0) break;
                var rest = _buffer.AsSpan(_at, _filled - _at);
                var end = rest.IndexOf((byte)'\n');
                var piece = end < 0 ? rest : rest[..end];
                piece[..Math.Min(piece.Length, Longest - kept)].CopyTo(_line.AsSpan(kept));
                kept += Math.Min(piece.Length, Longest - kept);
                length += piece.Length;
                if (piece.Length > 0) lastIsReturn = piece[^1] == '\r';
                _at += piece.Length;
                if (end < 0) continue;
                _at++;
                EndLength = lastIsReturn ? 2 : 1;
                break;
            }
            if (length == 0 && EndLength == 0) return false;
            Following = Start + length + (EndLength > 0 ? 1 : 0);
            if (lastIsReturn && kept == length) kept--;
            Text = Encoding.Latin1.GetString(_line, 0, kept);
            return true;
        }
    }
}
