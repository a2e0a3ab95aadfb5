namespace BlazorAdmin.Features.Documents.Reading;

/// <summary>What a file is by its bytes.</summary>
public enum ContentType
{
    Empty,
    Unknown,
    Pdf,
    Docx,
    Docm,
    Xlsx,
    Xlsm,
    Pptx,
    Pptm,
    Odt,
    Ods,
    Odp,
    Epub,
    Rtf,
    Html,
    Markdown,
    Text,
    Csv,
    Xml,
    Svg,
    Email,
    Png,
    Jpeg,
    Tiff,
    WebP,
    Gif,
    Bmp,

    /// <summary>Word 97-2003.</summary>
    Doc,

    /// <summary>Excel 97-2003.</summary>
    Xls,

    /// <summary>PowerPoint 97-2003.</summary>
    Ppt,

    /// <summary>Outlook message (.msg).</summary>
    OutlookMessage,

    /// <summary>An Office document inside an encrypted container.</summary>
    EncryptedOffice,

    /// <summary>Another compound file (OLE) than those above.</summary>
    CompoundFile,
    Zip,
    Gzip,
    Executable,
}
