using System.Buffers.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Decodes a body that was encoded for transport while it is read: base64, where everything but its digits is passed over, or plain bytes with single line ends.</summary>
internal sealed class TransferStream(Stream source, bool isBase64) : ReadOnlyStream
{
    private const int ChunkBytes = 48 << 10;
    private readonly byte[] _chunk = new byte[ChunkBytes];
    private readonly byte[] _ready = new byte[ChunkBytes + 4];
    private readonly byte[] _digits = new byte[ChunkBytes + 4];
    private int _at, _filled, _kept;
    private bool _isReturnKept, _isOver;

    public override int Read(Span<byte> buffer)
    {
        while (_at == _filled)
        {
            if (_isOver || buffer.Length == 0) return 0;
            var read = source.Read(_chunk);
            _isOver = read == 0;
            (_at, _filled) = (0, isBase64 ? Decode(_chunk.AsSpan(0, read)) : Lines(_chunk.AsSpan(0, read)));
        }
        var count = Math.Min(buffer.Length, _filled - _at);
        _ready.AsSpan(_at, count).CopyTo(buffer);
        _at += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) source.Dispose();
        base.Dispose(disposing);
    }

    private int Decode(ReadOnlySpan<byte> chunk)
    {
        foreach (var one in chunk)
            if (char.IsAsciiLetterOrDigit((char)one) || one is (byte)'+' or (byte)'/') _digits[_kept++] = one;
        var whole = _kept / 4 * 4;
        // Of the last ones, two or three digits still mean something; one alone does not.
        if (_isOver && _kept - whole > 1)
        {
            while (_kept % 4 != 0) _digits[_kept++] = (byte)'=';
            whole = _kept;
        }
        Base64.DecodeFromUtf8(_digits.AsSpan(0, whole), _ready, out _, out var written);
        _digits.AsSpan(whole, _kept - whole).CopyTo(_digits);
        _kept -= whole;
        return written;
    }

    private int Lines(ReadOnlySpan<byte> chunk)
    {
        var count = 0;
        foreach (var one in chunk)
        {
            if (_isReturnKept && one != '\n') _ready[count++] = (byte)'\r';
            _isReturnKept = one == '\r';
            if (!_isReturnKept) _ready[count++] = one;
        }
        if (_isOver && _isReturnKept)
        {
            _ready[count++] = (byte)'\r';
            _isReturnKept = false;
        }
        return count;
    }
}
