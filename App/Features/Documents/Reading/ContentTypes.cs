namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>Names of the content types for people, downloads and tools.</summary>
public static class ContentTypes
{
    private static readonly Dictionary<ContentType, (string Media, string Extension)> Known = new()
    {
        [ContentType.Pdf] = ("application/pdf", "pdf"),
        [ContentType.Docx] = ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
        [ContentType.Docm] = ("application/vnd.ms-word.document.macroEnabled.12", "docm"),
        [ContentType.Xlsx] = ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
        [ContentType.Xlsm] = ("application/vnd.ms-excel.sheet.macroEnabled.12", "xlsm"),
        [ContentType.Pptx] = ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
        [ContentType.Pptm] = ("application/vnd.ms-powerpoint.presentation.macroEnabled.12", "pptm"),
        [ContentType.Odt] = ("application/vnd.oasis.opendocument.text", "odt"),
        [ContentType.Ods] = ("application/vnd.oasis.opendocument.spreadsheet", "ods"),
        [ContentType.Odp] = ("application/vnd.oasis.opendocument.presentation", "odp"),
        [ContentType.Epub] = ("application/epub+zip", "epub"),
        [ContentType.Rtf] = ("application/rtf", "rtf"),
        [ContentType.Html] = ("text/html", "html"),
        [ContentType.Markdown] = ("text/markdown", "md"),
        [ContentType.Text] = ("text/plain", "txt"),
        [ContentType.Csv] = ("text/csv", "csv"),
        [ContentType.Xml] = ("application/xml", "xml"),
        [ContentType.Svg] = ("image/svg+xml", "svg"),
        [ContentType.Email] = ("message/rfc822", "eml"),
        [ContentType.Png] = ("image/png", "png"),
        [ContentType.Jpeg] = ("image/jpeg", "jpg"),
        [ContentType.Tiff] = ("image/tiff", "tiff"),
        [ContentType.WebP] = ("image/webp", "webp"),
        [ContentType.Gif] = ("image/gif", "gif"),
        [ContentType.Bmp] = ("image/bmp", "bmp"),
        [ContentType.Doc] = ("application/msword", "doc"),
        [ContentType.Xls] = ("application/vnd.ms-excel", "xls"),
        [ContentType.Ppt] = ("application/vnd.ms-powerpoint", "ppt"),
        [ContentType.OutlookMessage] = ("application/vnd.ms-outlook", "msg"),
        [ContentType.Zip] = ("application/zip", "zip"),
        [ContentType.Gzip] = ("application/gzip", "gz"),
    };

    public static string MediaType(this ContentType type) => Known.TryGetValue(type, out var known) ? known.Media : "application/octet-stream";

    public static string Extension(this ContentType type) => Known.TryGetValue(type, out var known) ? known.Extension : "bin";

    public static bool IsImage(this ContentType type) =>
        type is ContentType.Png or ContentType.Jpeg or ContentType.Tiff or ContentType.WebP or ContentType.Gif or ContentType.Bmp;

    /// <summary>Documents that are ZIP archives inside.</summary>
    public static bool IsPackage(this ContentType type) => type is ContentType.Docx or ContentType.Docm or ContentType.Xlsx or ContentType.Xlsm
        or ContentType.Pptx or ContentType.Pptm or ContentType.Odt or ContentType.Ods or ContentType.Odp or ContentType.Epub;
}
