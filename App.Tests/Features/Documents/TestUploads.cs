using BlazorAdmin.Features.Documents.Intake;

namespace BlazorAdmin.Tests.Features.Documents;

internal static class TestUploads
{
    /// <summary>Gives the portal a file in one piece, by the way that people's files take.</summary>
    public static async Task<UploadedFile> Send(this UploadService uploads, string name, byte[] bytes)
    {
        var state = await uploads.Announce(new UploadAnnouncement(name, bytes.Length, null, null), CancellationToken.None);
        if (bytes.Length > 0) state = await uploads.Append(state.Id, 0, bytes.Length, new MemoryStream(bytes), CancellationToken.None);
        return state.Document!;
    }
}
