namespace BlazorAdmin.Features.Monitor;

/// <summary>The one buffer that all files of a collector are read into, one after the other.</summary>
internal sealed class ProcBuffer
{
    public byte[] Bytes { get; private set; } = new byte[32 * 1024];

    public void Grow()
    {
        var larger = new byte[Bytes.Length * 2];
        Bytes.CopyTo(larger, 0);
        Bytes = larger;
    }
}
