namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>A piece of a file, read from its beginning to its end; owns the file.</summary>
internal sealed class FileRange : ReadOnlyStream
{
    private readonly FileStream _file;
    private long _left;

    public FileRange(FileStream file, long start, long length)
    {
        (_file, _left) = (file, length);
        file.Position = start;
    }

    public override int Read(Span<byte> buffer)
    {
        if (_left <= 0) return 0;
        var read = _file.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
        _left -= read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _file.Dispose();
        base.Dispose(disposing);
    }
}
