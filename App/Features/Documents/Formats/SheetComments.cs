using System.Xml.Linq;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>Comments of a sheet: the threads of today's programs, and the notes of older ones where no thread stands in their cell.</summary>
internal static class SheetComments
{
    public static void Write(OfficePackage package, string sheet, FlowText flow)
    {
        var relations = package.Relations(sheet).Values.Where(relation => !relation.External).ToList();
        var threaded = relations.Where(relation => relation.Kind == "threadedComment").Select(relation => package.Tree(relation.Target)).OfType<XElement>().SelectMany(Named("threadedComment")).ToList();
        var cells = threaded.Select(comment => (string?)comment.Attribute("ref")).ToHashSet();
        foreach (var tree in relations.Where(relation => relation.Kind == "comments").Select(relation => package.Tree(relation.Target)).OfType<XElement>())
        {
            var authors = tree.Descendants(Ns.X + "author").Select(author => author.Value).ToList();
            foreach (var comment in tree.Descendants(Ns.X + "comment").Where(comment => !cells.Contains((string?)comment.Attribute("ref"))))
            {
                var author = int.TryParse((string?)comment.Attribute("authorId"), out var index) && index >= 0 && index < authors.Count ? authors[index] : "";
                Write(flow, author, string.Concat(comment.Descendants(Ns.X + "t").Select(text => text.Value)));
            }
        }
        var persons = package.Names.Where(name => name.StartsWith("xl/persons/", StringComparison.OrdinalIgnoreCase) && name.EndsWith(".xml", StringComparison.OrdinalIgnoreCase)).ToList()
            .Select(package.Tree).OfType<XElement>().SelectMany(Named("person"))
            .GroupBy(person => (string?)person.Attribute("id") ?? "").ToDictionary(group => group.Key, group => (string?)group.First().Attribute("displayName") ?? "");
        foreach (var comment in threaded) Write(flow, persons.GetValueOrDefault((string?)comment.Attribute("personId") ?? "", ""), string.Concat(Named("text")(comment).Select(text => text.Value)));
    }

    private static Func<XElement, IEnumerable<XElement>> Named(string name) => root => root.Descendants().Where(element => element.Name.LocalName == name);

    private static void Write(FlowText flow, string author, string text)
    {
        if (text.Trim().Length > 0) flow.Paragraph(author.Length > 0 ? $"[{author}] {text.Trim()}" : text.Trim());
    }
}
