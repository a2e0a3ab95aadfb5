using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Documents.Intake;
using BlazorAdmin.Features.Settings;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Limits and languages of reading documents (settings section "Documents").</summary>
public sealed partial class ReadingOptions
{
    public const string Section = "Documents";

    /// <summary>Largest file that is taken, in bytes.</summary>
    [Range(1, 4L << 30)]
    public long MaxFileBytes { get; set; } = 500L << 20;

    [Range(1, 100_000)]
    public int MaxPages { get; set; } = 2_000;

    /// <summary>Largest picture, in pixels (width times height), read from its header before it is decoded.</summary>
    [Range(1_000, 1_000_000_000L)]
    public long MaxPixels { get; set; } = 60_000_000;

    /// <summary>Text of one document, in bytes.</summary>
    [Range(1_000, 1L << 30)]
    public long MaxTextBytes { get; set; } = 32L << 20;

    [Range(1, 1_000_000)]
    public int MaxArchiveEntries { get; set; } = 10_000;

    /// <summary>All parts of a packed document together, unpacked, in bytes.</summary>
    [Range(1_000, 1L << 36)]
    public long MaxUnpackedBytes { get; set; } = 1L << 30;

    /// <summary>Unpacked to packed size of one part above which it counts as a bomb (parts under 32 MB never do).</summary>
    [Range(10, 100_000)]
    public int MaxArchiveRatio { get; set; } = 400;

    /// <summary>Languages for character recognition, joined by a plus sign, in tesseract's names.</summary>
    [Required, RegularExpression("[a-zA-Z_]+(\\+[a-zA-Z_]+)*")]
    public string Languages { get; set; } = "deu+eng";

    /// <summary>The same options with the languages of a collection; what is no list of names leaves those of the settings.</summary>
    public ReadingOptions WithLanguages(string? languages)
    {
        if (languages is null || !LanguageNames().IsMatch(languages)) return this;
        var copy = (ReadingOptions)MemberwiseClone();
        copy.Languages = languages;
        return copy;
    }

    /// <summary>Resolution at which pages without text are drawn for character recognition.</summary>
    [Range(72, 600)]
    public int Dpi { get; set; } = 300;

    /// <summary>Longest run of one external tool, in seconds.</summary>
    [Range(1, 3_600)]
    public int ToolSeconds { get; set; } = 45;

    /// <summary>Longest reading of one document over all its steps, in minutes.</summary>
    [Range(1, 1_440)]
    public int DocumentMinutes { get; set; } = 60;

    /// <summary>Attachments of one mail that become documents of their own.</summary>
    [Range(0, 1_000)]
    public int MaxAttachments { get; set; } = 100;

    /// <summary>Mails inside mails whose attachments are still taken out.</summary>
    [Range(0, 10)]
    public int MaxAttachmentDepth { get; set; } = 3;

    /// <summary>Days that a deleted document can be restored.</summary>
    [Range(0, 3_650)]
    public int DeletedKeptDays { get; set; } = 30;

    /// <summary>Memory of one external tool, in megabytes.</summary>
    [Range(128, 65_536)]
    public int ToolMemoryMegabytes { get; set; } = 1_024;

    /// <summary>Uploads of one person that are not finished at the same time.</summary>
    [Range(1, 10_000)]
    public int MaxOpenUploads { get; set; } = 100;

    /// <summary>All unfinished uploads of one person together, in bytes.</summary>
    [Range(1, 1L << 50)]
    public long MaxOpenUploadBytes { get; set; } = 20L << 30;

    /// <summary>Hours after which an upload that nobody goes on with is removed.</summary>
    [Range(1, 720)]
    public int UploadHours { get; set; } = 24;

    /// <summary>What uploads and watched folders leave free on the disk of the files, in megabytes.</summary>
    [Range(0, 1 << 30)]
    public int DiskReserveMegabytes { get; set; } = 512;

    /// <summary>Folders of the server whose files are taken in.</summary>
    [ServerOnly]
    public List<WatchedFolder> WatchedFolders { get; set; } = [];

    /// <summary>How often watched folders are looked at, in seconds.</summary>
    [Range(1, 86_400)]
    public int WatchSeconds { get; set; } = 10;

    /// <summary>How long a file of a watched folder must stay the same before it is taken, in seconds.</summary>
    [Range(0, 86_400)]
    public int SettleSeconds { get; set; } = 10;

    /// <summary>Files that the converter page works on at the same time, on each node.</summary>
    [Range(1, 64)]
    public int ConverterRuns { get; set; } = 2;

    /// <summary>Whether a searchable PDF of scans and pictures is kept beside the original.</summary>
    public bool KeepSearchable { get; set; } = true;

    /// <summary>Page images kept on disk at most, in megabytes; the least recently used go first.</summary>
    [Range(0, 1_048_576)]
    public int PageImageMegabytes { get; set; } = 512;

    /// <summary>Page images that are drawn at the same time at most.</summary>
    [Range(1, 64)]
    public int PageImagesAtOnce { get; set; } = 2;

    [GeneratedRegex(@"^[a-zA-Z_]{2,40}(\+[a-zA-Z_]{2,40}){0,9}\z")]
    private static partial Regex LanguageNames();
}
