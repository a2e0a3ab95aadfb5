using System.Buffers;
using System.Net.WebSockets;
using System.Text;

namespace BlazorAdmin.Benchmarks.Circuits;

/// <summary>Hub messages over a web socket: each has its length before it, and several may share a frame.</summary>
internal sealed class HubSocket(ClientWebSocket socket) : IDisposable
{
    private const byte RecordSeparator = 0x1E;

    private readonly SemaphoreSlim _sending = new(1, 1);
    private byte[] _received = new byte[4096];
    private int _start;
    private int _end;

    public static async Task<HubSocket> ConnectAsync(Uri hub, string origin, string? cookies, CancellationToken cancellation)
    {
        var socket = new ClientWebSocket();
        try
        {
            // As browsers do.
            socket.Options.DangerousDeflateOptions = new WebSocketDeflateOptions();
            socket.Options.SetRequestHeader("Origin", origin);
            if (cookies is not null) socket.Options.SetRequestHeader("Cookie", cookies);
            await socket.ConnectAsync(hub, cancellation);
            var hubSocket = new HubSocket(socket);
            await hubSocket.ShakeHandsAsync(cancellation);
            return hubSocket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async Task SendAsync(PackWriter message, CancellationToken cancellation)
    {
        var body = message.Written;
        var frame = ArrayPool<byte>.Shared.Rent(body.Length + 5);
        try
        {
            var length = WriteLength(frame, body.Length);
            body.CopyTo(frame.AsMemory(length));
            await _sending.WaitAsync(cancellation);
            try
            {
                await socket.SendAsync(frame.AsMemory(0, length + body.Length), WebSocketMessageType.Binary, endOfMessage: true, cancellation);
            }
            finally
            {
                _sending.Release();
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(frame);
        }
    }

    /// <summary>The next message, valid until the next call; null at the end of the connection.</summary>
    public async ValueTask<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellation)
    {
        while (true)
        {
            if (TryReadLength(_received.AsSpan(_start, _end - _start), out var length, out var prefix) && _end - _start >= prefix + length)
            {
                var message = _received.AsMemory(_start + prefix, length);
                _start += prefix + length;
                return message;
            }

            if (!await FillAsync(cancellation)) return null;
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _sending.Dispose();
    }

    private async Task ShakeHandsAsync(CancellationToken cancellation)
    {
        await socket.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellation);
        int end;
        while ((end = _received.AsSpan(_start, _end - _start).IndexOf(RecordSeparator)) < 0)
            if (!await FillAsync(cancellation))
                throw new CircuitException("The server closed the connection during the handshake.");
        var answer = Encoding.UTF8.GetString(_received, _start, end);
        if (answer != "{}") throw new CircuitException($"The server refused the handshake: {answer}");
        _start += end + 1;
    }

    private async ValueTask<bool> FillAsync(CancellationToken cancellation)
    {
        if (_start == _end) _start = _end = 0;
        if (_end == _received.Length)
        {
            if (_start > 0)
            {
                _received.AsSpan(_start, _end - _start).CopyTo(_received);
                (_start, _end) = (0, _end - _start);
            }
            else
            {
                System.Array.Resize(ref _received, 2 * _received.Length);
            }
        }

        var read = await socket.ReceiveAsync(_received.AsMemory(_end), cancellation);
        if (read.MessageType == WebSocketMessageType.Close) return false;
        _end += read.Count;
        return true;
    }

    private static int WriteLength(Span<byte> target, int length)
    {
        var index = 0;
        for (; length >= 0x80; length >>= 7) target[index++] = (byte)(length | 0x80);
        target[index++] = (byte)length;
        return index;
    }

    private static bool TryReadLength(ReadOnlySpan<byte> source, out int length, out int prefix)
    {
        length = 0;
        for (prefix = 0; prefix < source.Length && prefix < 5;)
        {
            var part = source[prefix];
            length |= (part & 0x7F) << (7 * prefix++);
            if (part < 0x80) return true;
        }

        return false;
    }
}
