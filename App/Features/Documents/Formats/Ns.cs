using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Namespaces of office documents, by their transitional names (ISO/IEC 29500-4) and those of OpenDocument 1.3.</summary>
internal static class Ns
{
    public static readonly XNamespace W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    public static readonly XNamespace A = "http://schemas.openxmlformats.org/drawingml/2006/main";
    public static readonly XNamespace C = "http://schemas.openxmlformats.org/drawingml/2006/chart";
    public static readonly XNamespace Diagram = "http://schemas.openxmlformats.org/drawingml/2006/diagram";
    public static readonly XNamespace M = "http://schemas.openxmlformats.org/officeDocument/2006/math";
    public static readonly XNamespace R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    public static readonly XNamespace P = "http://schemas.openxmlformats.org/presentationml/2006/main";
    public static readonly XNamespace X = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    public static readonly XNamespace Mc = "http://schemas.openxmlformats.org/markup-compatibility/2006";
    public static readonly XNamespace Package = "http://schemas.openxmlformats.org/package/2006/relationships";
    public static readonly XNamespace Text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0";
    public static readonly XNamespace Table = "urn:oasis:names:tc:opendocument:xmlns:table:1.0";
    public static readonly XNamespace Draw = "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0";
    public static readonly XNamespace Office = "urn:oasis:names:tc:opendocument:xmlns:office:1.0";
    public static readonly XNamespace Style = "urn:oasis:names:tc:opendocument:xmlns:style:1.0";
    public static readonly XNamespace Fo = "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0";
    public static readonly XNamespace Presentation = "urn:oasis:names:tc:opendocument:xmlns:presentation:1.0";
    public static readonly XNamespace Xlink = "http://www.w3.org/1999/xlink";
    public static readonly XNamespace DublinCore = "http://purl.org/dc/elements/1.1/";

    private const string StrictRoot = "http://purl.oclc.org/ooxml/";

    private static readonly Dictionary<string, XNamespace> Strict = new()
    {
        [StrictRoot + "wordprocessingml/main"] = W,
        [StrictRoot + "drawingml/main"] = A,
        [StrictRoot + "drawingml/chart"] = C,
        [StrictRoot + "drawingml/diagram"] = Diagram,
        [StrictRoot + "officeDocument/math"] = M,
        [StrictRoot + "officeDocument/relationships"] = R,
        [StrictRoot + "presentationml/main"] = P,
        [StrictRoot + "spreadsheetml/main"] = X,
    };

    /// <summary>Gives the names of ISO/IEC 29500-1 Strict their transitional form, so that one reader reads both.</summary>
    public static void Loosen(XElement root)
    {
        if (!root.DescendantsAndSelf().Take(50).Any(IsStrict)) return;
        foreach (var element in root.DescendantsAndSelf())
        {
            if (Strict.TryGetValue(element.Name.NamespaceName, out var loose)) element.Name = loose + element.Name.LocalName;
            if (!element.Attributes().Any(attribute => Strict.ContainsKey(attribute.Name.NamespaceName))) continue;
            element.ReplaceAttributes(element.Attributes().Select(attribute =>
                Strict.TryGetValue(attribute.Name.NamespaceName, out var name) ? new XAttribute(name + attribute.Name.LocalName, attribute.Value) : attribute).ToList());
        }
    }

    private static bool IsStrict(XElement element) => element.Name.NamespaceName.StartsWith(StrictRoot, StringComparison.Ordinal);
}
