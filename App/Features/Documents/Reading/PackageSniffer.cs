using System.Text;

namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Tells documents that are ZIP archives inside from each other and from plain archives.</summary>
internal static class PackageSniffer
{
    private const int PartBytes = 256 << 10;

    public static ContentType Detect(Stream file, ReadOnlySpan<byte> head)
    {
        try
        {
            return ByEntries(file, ZipDirectory.Read(file, maxEntries: 10_000));
        }
        catch (InvalidDataException)
        {
            // Truncated: the names near the beginning still tell what it was meant to be.
            return ByNames(head);
        }
    }

    private static ContentType ByEntries(Stream file, ZipDirectory directory)
    {
        if (directory.Find("mimetype") is { Size: < 200 } mark && ByMediaType(Encoding.ASCII.GetString(directory.ReadEntry(file, mark, 200)).Trim()) is { } open) return open;
        if (directory.Find("[Content_Types].xml") is not { } types) return directory.Find("META-INF/container.xml") is null ? ContentType.Zip : ContentType.Epub;
        var text = Encoding.UTF8.GetString(directory.ReadEntry(file, types, PartBytes));
        var macros = text.Contains("macroEnabled", StringComparison.OrdinalIgnoreCase) || text.Contains("vbaProject", StringComparison.OrdinalIgnoreCase);
        if (text.Contains("wordprocessingml.", StringComparison.Ordinal) || text.Contains("ms-word.", StringComparison.Ordinal)) return macros ? ContentType.Docm : ContentType.Docx;
        if (text.Contains("presentationml.", StringComparison.Ordinal) || text.Contains("ms-powerpoint.", StringComparison.Ordinal)) return macros ? ContentType.Pptm : ContentType.Pptx;
        if (text.Contains("spreadsheetml.", StringComparison.Ordinal) || text.Contains("ms-excel.", StringComparison.Ordinal)) return macros ? ContentType.Xlsm : ContentType.Xlsx;
        return ContentType.Zip;
    }

    private static ContentType? ByMediaType(string media) => media switch
    {
        "application/vnd.oasis.opendocument.text" or "application/vnd.oasis.opendocument.text-template" or "application/vnd.sun.xml.writer" => ContentType.Odt,
        "application/vnd.oasis.opendocument.spreadsheet" or "application/vnd.oasis.opendocument.spreadsheet-template" => ContentType.Ods,
        "application/vnd.oasis.opendocument.presentation" or "application/vnd.oasis.opendocument.presentation-template" => ContentType.Odp,
        "application/epub+zip" => ContentType.Epub,
        _ => null,
    };

    private static ContentType ByNames(ReadOnlySpan<byte> head)
    {
        if (head.Length > 38 && head[30..].StartsWith("mimetypeapplication/"u8))
        {
            var value = head[38..Math.Min(head.Length, 120)];
            if (value.StartsWith("application/epub+zip"u8)) return ContentType.Epub;
            if (value.StartsWith("application/vnd.oasis.opendocument.text"u8)) return ContentType.Odt;
            if (value.StartsWith("application/vnd.oasis.opendocument.spreadsheet"u8)) return ContentType.Ods;
            if (value.StartsWith("application/vnd.oasis.opendocument.presentation"u8)) return ContentType.Odp;
        }
        if (head.IndexOf("[Content_Types].xml"u8) < 0 && head.IndexOf("_rels/.rels"u8) < 0) return ContentType.Zip;
        if (head.IndexOf("ppt/"u8) >= 0) return ContentType.Pptx;
        return head.IndexOf("xl/"u8) >= 0 ? ContentType.Xlsx : ContentType.Docx;
    }
}
