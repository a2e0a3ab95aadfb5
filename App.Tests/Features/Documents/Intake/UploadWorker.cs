using System.Diagnostics;

namespace BlazorAdmin.Tests.Features.Documents.Intake;

/// <summary>A process that receives a piece of an upload, to be killed in the middle of it.</summary>
internal static class UploadWorker
{
    public const string Verb = "upload-worker";
    public const int Bytes = 20 << 20;

    public static Process Start(string connectionString, string files, Guid person, Guid upload) =>
        Process.Start(new ProcessStartInfo("dotnet", [typeof(UploadWorker).Assembly.Location, Verb, connectionString, files, person.ToString(), upload.ToString()]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;

    /// <summary>The bytes that it receives, the same in every process.</summary>
    public static byte[] Content()
    {
        var bytes = new byte[Bytes];
        new Random(7).NextBytes(bytes);
        return bytes;
    }

    public static async Task<int> RunAsync(string connectionString, string files, Guid person, Guid upload)
    {
        using var bench = new IntakeBench(connectionString, files);
        await bench.Uploads(bench.Documents.Acting(person, DocumentsBench.Member)).Append(upload, 0, null, new SilentEnd(Content()), default);
        return 0;
    }

    /// <summary>Says when all its bytes are taken, and never ends.</summary>
    private sealed class SilentEnd(byte[] bytes) : MemoryStream(bytes)
    {
        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (await base.ReadAsync(buffer, cancellationToken) is > 0 and var read) return read;
            Console.WriteLine("ready");
            await Console.In.ReadLineAsync(cancellationToken);
            return 0;
        }
    }
}
