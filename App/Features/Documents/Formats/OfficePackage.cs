using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Features.Documents.Formats;

/// <summary>
/// The parts of an office document in its ZIP archive. Parts are read with bounds on size and depth, document types are refused,
/// and nothing outside the archive is ever opened.
/// </summary>
internal sealed class OfficePackage : IDisposable
{
    /// <summary>Largest part that is held as a tree: about ten times as much memory.</summary>
    public const int TreeBytes = 32 << 20;
    private const int MaxDepth = 250;
    private const int MaxEntries = 100_000;
    private readonly FileStream _file;
    private readonly ZipDirectory _directory;
    private readonly Dictionary<string, ZipEntryInfo> _parts = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, IReadOnlyDictionary<string, OfficeRelation>> _relations = [];

    public OfficePackage(string path)
    {
        _file = File.OpenRead(path);
        try
        {
            _directory = ZipDirectory.Read(_file, MaxEntries);
        }
        catch (InvalidDataException)
        {
            _file.Dispose();
            throw;
        }
        foreach (var entry in _directory.Entries) _parts.TryAdd(entry.Name.Replace('\\', '/'), entry);
    }

    /// <summary>The part that the package itself names as its document.</summary>
    public string? Main => Relations("").Values.FirstOrDefault(relation => relation is { Kind: "officeDocument", External: false })?.Target;

    public bool Has(string part) => _parts.ContainsKey(part);

    public IEnumerable<string> Names => _parts.Keys;

    /// <summary>The part as a tree in transitional names; null when the package has no such part.</summary>
    /// <exception cref="XmlException">Not well-formed, or with a document type.</exception>
    /// <exception cref="ReadStoppedException">Larger or deeper than is held as a tree.</exception>
    public XElement? Tree(string part)
    {
        if (!_parts.TryGetValue(part, out var entry)) return null;
        var bytes = Bytes(entry);
        using (var probe = Reader(new MemoryStream(bytes, writable: false)))
        {
            while (probe.Read())
            {
                if (probe.Depth > MaxDepth) throw new ReadStoppedException(ReadOutcome.Suspicious, new ReadReason("NestedTooDeep", MaxDepth.ToString(CultureInfo.InvariantCulture)));
            }
        }
        using var reader = Reader(new MemoryStream(bytes, writable: false));
        var root = XDocument.Load(reader, LoadOptions.PreserveWhitespace).Root;
        if (root is not null) Ns.Loosen(root);
        return root;
    }

    /// <summary>The part as a stream of nodes, for parts too large for a tree.</summary>
    public XmlReader? Stream(string part) => _parts.TryGetValue(part, out var entry) ? Reader(_directory.Open(_file, entry)) : null;

    /// <param name="part">Empty for those of the package itself.</param>
    public IReadOnlyDictionary<string, OfficeRelation> Relations(string part)
    {
        if (_relations.TryGetValue(part, out var known)) return known;
        var slash = part.LastIndexOf('/');
        var folder = slash < 0 ? "" : part[..(slash + 1)];
        var found = new Dictionary<string, OfficeRelation>();
        foreach (var item in Tree($"{folder}_rels/{part[(slash + 1)..]}.rels")?.Elements(Ns.Package + "Relationship") ?? [])
        {
            if ((string?)item.Attribute("Id") is not { } id || (string?)item.Attribute("Target") is not { } target) continue;
            var external = (string?)item.Attribute("TargetMode") == "External";
            var type = (string?)item.Attribute("Type") ?? "";
            found.TryAdd(id, new OfficeRelation(type[(type.LastIndexOf('/') + 1)..], external ? target : Resolve(folder, target), external));
        }
        return _relations[part] = found;
    }

    /// <summary>The first part of a kind that <paramref name="part"/> refers to.</summary>
    public string? Related(string part, string kind) => Relations(part).Values.FirstOrDefault(relation => relation.Kind == kind && !relation.External)?.Target;

    public void Dispose() => _file.Dispose();

    private byte[] Bytes(ZipEntryInfo entry)
    {
        using var content = _directory.Open(_file, entry);
        using var kept = new MemoryStream();
        var buffer = new byte[64 << 10];
        int read;
        while ((read = content.Read(buffer)) > 0)
        {
            if (kept.Length + read > TreeBytes) throw new ReadStoppedException(ReadOutcome.TooLarge, new ReadReason("TextTooLarge", (TreeBytes >> 20).ToString(CultureInfo.InvariantCulture)));
            kept.Write(buffer, 0, read);
        }
        return kept.ToArray();
    }

    private static XmlReader Reader(Stream stream) => XmlReader.Create(stream, new XmlReaderSettings
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        CloseInput = true,
    });

    private static string Resolve(string folder, string target)
    {
        var path = new List<string>();
        foreach (var piece in (target.StartsWith('/') ? target : folder + target).Split('/'))
        {
            if (piece == ".." && path.Count > 0) path.RemoveAt(path.Count - 1);
            else if (piece is not ("" or "." or "..")) path.Add(piece);
        }
        return string.Join('/', path);
    }
}
