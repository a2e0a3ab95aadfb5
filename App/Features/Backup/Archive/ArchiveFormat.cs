using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace BlazorAdmin.Features.Backup.Archive;

/// <summary>
/// What stands inside an archive, compressed (Brotli) and then sealed: records of one letter, the length of a JSON text (4 bytes, big
/// endian) and the text: S <see cref="ArchiveStart"/> first; T <see cref="ArchiveTable"/>, followed by its rows as <see cref="RowReader"/>
/// reads them; F <see cref="ArchiveFile"/>, followed by blocks of length (4 bytes) and bytes, a length of 0, and the SHA-256 of all;
/// E <see cref="ArchiveManifest"/> last.
/// </summary>
internal static class ArchiveFormat
{
    public const byte Start = (byte)'S';
    public const byte Table = (byte)'T';
    public const byte File = (byte)'F';
    public const byte End = (byte)'E';

    public const int MostJson = 64 << 20;
    public const int BlockBytes = 128 << 10;

    public static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { Converters = { new JsonStringEnumConverter() } };

    /// <summary>What of a file goes into the hash of all files.</summary>
    public static byte[] Describe(ArchiveFile file, long size, ReadOnlySpan<byte> sha256) =>
        Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{file.Kind}\0{file.Name}\0{size}\0{Convert.ToHexStringLower(sha256)}"));

    /// <summary>Whether the name stays below the folder it is put into, on every system.</summary>
    public static bool IsSafe(ArchiveFile file) => file.Kind == ArchiveFileKind.Content
        ? file.Name.Length == 2 * SHA256.HashSizeInBytes && file.Name.All(char.IsAsciiHexDigitLower)
        : file.Name.Length is > 0 and <= 400 && file.Name.Split('/').All(part => part.Length > 0 && part.Trim(' ', '.').Length > 0 && part[^1] is not ('.' or ' ') && part.All(c => !char.IsControl(c) && c is not ('\\' or ':')));
}
