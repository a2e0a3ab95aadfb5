namespace BlazorAdmin.Features.Documents.Intake;

internal static class DiskFaults
{
    private const int NoSpace = 28, FileTooBig = 27, QuotaExceeded = 122;

    /// <summary>Whether the system refused because no more bytes fit: no space, over quota, file larger than the process may write.</summary>
    public static bool IsFull(IOException fault) => fault.HResult is NoSpace or FileTooBig or QuotaExceeded or unchecked((int)0x80070070) or unchecked((int)0x80070027);
}
