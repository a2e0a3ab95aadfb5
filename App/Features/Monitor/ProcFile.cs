using Microsoft.Win32.SafeHandles;

namespace BlazorAdmin.Features.Monitor;

/// <summary>A kernel text file whose handle stays open and which is read from its start again and again.</summary>
internal sealed class ProcFile(string path) : IDisposable
{
    private SafeFileHandle? _handle;

    public bool Exists => File.Exists(path);

    /// <summary>The whole content, valid until the buffer is used again. Allocates only to open the file or to grow the buffer.</summary>
    /// <exception cref="IOException">The file is gone or unreadable; the next call opens it anew.</exception>
    public ReadOnlySpan<byte> Read(ProcBuffer buffer)
    {
        try
        {
            _handle ??= File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            // A sequence file (diskstats, net/dev) hands out one kernel page a call: read to the end.
            var length = 0;
            while (true)
            {
                var read = RandomAccess.Read(_handle, buffer.Bytes.AsSpan(length), length);
                if (read == 0) return buffer.Bytes.AsSpan(0, length);
                length += read;
                if (length == buffer.Bytes.Length) buffer.Grow();
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}
