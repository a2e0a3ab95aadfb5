using System.IO.Compression;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Account.PersonalData;

/// <summary>The ZIP file of an export: one JSON array per part, written as the rows come, and a text that explains them.</summary>
public sealed class PersonalArchive(ZipArchive zip)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, WriteIndented = true, Converters = { new JsonStringEnumConverter() },
    };

    private readonly List<(string Name, int Rows)> _files = [];

    public IReadOnlyList<(string Name, int Rows)> Files => _files;

    /// <param name="name">File name without ending; small letters and hyphens.</param>
    public async Task WriteAsync<T>(string name, IAsyncEnumerable<T> rows, CancellationToken cancellation)
    {
        var count = 0;
        await using var file = zip.CreateEntry(name + ".json", CompressionLevel.Optimal).Open();
        await file.WriteAsync("["u8.ToArray(), cancellation);
        await foreach (var row in rows.WithCancellation(cancellation))
        {
            await file.WriteAsync(count++ == 0 ? "\n"u8.ToArray() : ",\n"u8.ToArray(), cancellation);
            await JsonSerializer.SerializeAsync(file, row, Json, cancellation);
        }

        await file.WriteAsync("\n]\n"u8.ToArray(), cancellation);
        _files.Add((name, count));
    }

    public async Task WriteTextAsync(string name, string text, CancellationToken cancellation)
    {
        await using var file = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), cancellation);
    }
}
