using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Office Math (ISO/IEC 29500-1, 22.1) as LaTeX; signs stay as they are.</summary>
internal static class EquationText
{
    public static string Of(XElement? math)
    {
        if (math is null) return "";
        return math.Name.Namespace != Ns.M ? Children(math) : math.Name.LocalName switch
        {
            "r" => string.Concat(math.Elements().Where(part => part.Name.LocalName == "t").Select(part => part.Value)),
            "f" => $@"\frac{{{Part(math, "num")}}}{{{Part(math, "den")}}}",
            "sSup" => $"{Base(math)}^{{{Part(math, "sup")}}}",
            "sSub" => $"{Base(math)}_{{{Part(math, "sub")}}}",
            "sSubSup" => $"{Base(math)}_{{{Part(math, "sub")}}}^{{{Part(math, "sup")}}}",
            "sPre" => $"{{}}_{{{Part(math, "sub")}}}^{{{Part(math, "sup")}}}{Part(math, "e")}",
            "rad" => Part(math, "deg") is { Length: > 0 } degree ? $@"\sqrt[{degree}]{{{Part(math, "e")}}}" : $@"\sqrt{{{Part(math, "e")}}}",
            "d" => Delimited(math),
            "nary" => Large(math),
            "func" => $"{Part(math, "fName")} {Part(math, "e")}",
            "limLow" => $"{Base(math)}_{{{Part(math, "lim")}}}",
            "limUpp" => $"{Base(math)}^{{{Part(math, "lim")}}}",
            "m" => string.Join(@" \\ ", math.Elements(Ns.M + "mr").Select(row => string.Join(" & ", row.Elements(Ns.M + "e").Select(Children)))),
            "eqArr" => string.Join(@" \\ ", math.Elements(Ns.M + "e").Select(Children)),
            var name when name.EndsWith("Pr", StringComparison.Ordinal) => "",
            _ => Children(math),
        };
    }

    private static string Children(XElement element) => string.Concat(element.Elements().Select(Of));

    private static string Part(XElement element, string name) => element.Element(Ns.M + name) is { } part ? Children(part) : "";

    /// <summary>A base of more than one sign needs braces, or the power would bind to its last sign.</summary>
    private static string Base(XElement element) => Part(element, "e") is { Length: > 1 } text ? $"{{{text}}}" : Part(element, "e");

    private static string Delimited(XElement element)
    {
        var properties = element.Element(Ns.M + "dPr");
        var parts = element.Elements(Ns.M + "e").Select(Children);
        return Sign(properties, "begChr", "(") + string.Join(Sign(properties, "sepChr", "|"), parts) + Sign(properties, "endChr", ")");
    }

    private static string Large(XElement element)
    {
        var (below, above) = (Part(element, "sub"), Part(element, "sup"));
        return Sign(element.Element(Ns.M + "naryPr"), "chr", "∫") + (below.Length > 0 ? $"_{{{below}}}" : "") + (above.Length > 0 ? $"^{{{above}}}" : "") + " " + Part(element, "e");
    }

    private static string Sign(XElement? properties, string name, string otherwise) =>
        properties?.Element(Ns.M + name) is { } sign ? (string?)sign.Attribute(Ns.M + "val") ?? "" : otherwise;
}
