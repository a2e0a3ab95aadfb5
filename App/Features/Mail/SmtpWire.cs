using System.Globalization;
using System.Text;

namespace BlazorAdmin.Features.Mail;

/// <summary>Lines out, answers in, over a stream that may become TLS in between. Bounded in what it takes.</summary>
internal sealed class SmtpWire(Stream stream) : IAsyncDisposable
{
    private const int LongestLine = 4_096;
    private const int MostLines = 100;

    private readonly byte[] _buffer = new byte[LongestLine];
    private int _start, _end;

    public Stream Stream { get; private set; } = stream;

    /// <summary>What came in the clear before the handshake is not TLS's and must not be taken for it (CVE-2011-0411).</summary>
    /// <exception cref="InvalidDataException">The server went on talking.</exception>
    public void RequireSilence()
    {
        if (_start < _end) throw new InvalidDataException("The server went on in the clear after agreeing to TLS.");
    }

    /// <summary>Goes on over <paramref name="secured"/>.</summary>
    public void Secure(Stream secured) => Stream = secured;

    public async Task SendAsync(string line, CancellationToken cancellation)
    {
        // The last line of defence: one command stays one command.
        if (line.AsSpan().IndexOfAny('\r', '\n') >= 0) throw new ArgumentException("A command is one line.", nameof(line));
        await Stream.WriteAsync(Encoding.UTF8.GetBytes(line + "\r\n"), cancellation);
        await Stream.FlushAsync(cancellation);
    }

    /// <summary>Sends a mail's content with its end; lines that begin with a dot get another (RFC 5321, 4.5.2).</summary>
    public async Task SendContentAsync(ReadOnlyMemory<byte> content, CancellationToken cancellation)
    {
        var atStart = true;
        var from = 0;
        for (var i = 0; i < content.Length; i++)
        {
            var c = content.Span[i];
            if (atStart && c == '.')
            {
                await Stream.WriteAsync(content[from..i], cancellation);
                await Stream.WriteAsync("."u8.ToArray(), cancellation);
                from = i;
            }

            atStart = c == '\n';
        }

        await Stream.WriteAsync(content[from..], cancellation);
        await Stream.WriteAsync(atStart ? ".\r\n"u8.ToArray() : "\r\n.\r\n"u8.ToArray(), cancellation);
        await Stream.FlushAsync(cancellation);
    }

    /// <exception cref="InvalidDataException">It is no SMTP.</exception>
    /// <exception cref="EndOfStreamException">The connection ended.</exception>
    public async Task<SmtpReply> ReadAsync(CancellationToken cancellation)
    {
        var lines = new List<string>();
        while (lines.Count < MostLines)
        {
            var line = await ReadLineAsync(cancellation);
            if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code) || code is < 200 or > 599 || (line.Length > 3 && line[3] is not (' ' or '-')))
                throw new InvalidDataException("What answers is no mail server.");
            lines.Add(line.Length > 4 ? line[4..] : "");
            if (line.Length == 3 || line[3] == ' ') return new SmtpReply(code, lines);
        }

        throw new InvalidDataException("The answer has too many lines.");
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var length = _buffer.AsSpan(_start, _end - _start).IndexOf((byte)'\n');
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString(_buffer, _start, length).TrimEnd('\r');
                _start += length + 1;
                return line;
            }

            if (_start > 0)
            {
                Buffer.BlockCopy(_buffer, _start, _buffer, 0, _end - _start);
                (_start, _end) = (0, _end - _start);
            }

            if (_end == _buffer.Length) throw new InvalidDataException("A line of the answer is too long.");
            var read = await Stream.ReadAsync(_buffer.AsMemory(_end), cancellation);
            if (read == 0) throw new EndOfStreamException("The connection ended.");
            _end += read;
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
