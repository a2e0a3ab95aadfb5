using System.Text;
using DotNetEnv;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace BlazorAdmin.Features.Settings;

/// <summary>The file cannot be read as settings; the message is one line.</summary>
public sealed class SettingsFileException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Turns a file into keys like <c>Documents:MaxBytes</c>; by its ending JSON, YAML or lines of <c>NAME=value</c>.</summary>
public static class SettingsFileParser
{
    public const int MaxBytes = 1 << 20;
    private const int MaxKeys = 10_000;
    private const int MaxDepth = 32;
    private const int MaxEvents = 4 * MaxKeys;

    private static readonly string[] Endings = [".json", ".yaml", ".yml", ".env"];

    public static bool Reads(string path) => Endings.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <exception cref="SettingsFileException">Not well formed, not UTF-8, a key stands twice, too large, or with anchors.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(string path, byte[] content)
    {
        if (content.Length > MaxBytes) throw new SettingsFileException($"larger than {MaxBytes / 1024} KiB");
        var values = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        try
        {
            foreach (var (key, value) in Path.GetExtension(path).ToLowerInvariant() switch
            {
                ".json" => ReadJson(content),
                ".env" => ReadEnvironment(content),
                _ => ReadYaml(content),
            })
            {
                if (!values.TryAdd(key, value)) throw new SettingsFileException($"'{key}' stands there twice");
                if (values.Count > MaxKeys) throw new SettingsFileException($"more than {MaxKeys} values");
            }
        }
        catch (Exception exception) when (exception is not SettingsFileException)
        {
            throw new SettingsFileException(OneLine(exception), exception);
        }

        return values;
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadJson(byte[] content)
    {
        // A section of its own has a null value beside its children's; those are left out.
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(Text(content)));
        return [.. new ConfigurationBuilder().AddJsonStream(stream).Build().AsEnumerable().Where(pair => pair.Value is not null)];
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadEnvironment(byte[] content)
    {
        try
        {
            return [.. Env.LoadContents(Text(content), LoadOptions.NoEnvVars().NoClobber()).Select(pair => new KeyValuePair<string, string?>(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value))];
        }
        catch (Sprache.ParseException exception)
        {
            // The parser's own message quotes what it read before, which may be a password.
            throw new SettingsFileException(exception.Position is { } at ? $"line {at.Line}, column {at.Column}: not of the form NAME=value" : "not lines of the form NAME=value", exception);
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> ReadYaml(byte[] content)
    {
        var text = Text(content);
        CheckYaml(text);
        var yaml = new YamlStream();
        yaml.Load(new StringReader(text));
        if (yaml.Documents.Count > 1) throw new SettingsFileException("more than one document");
        return yaml.Documents.Count == 0 ? [] : Flatten(yaml.Documents[0].RootNode, "");
    }

    // Read as a stream first: building the tree of a file that is deep, or that repeats itself by aliases, would take the stack or all memory.
    private static void CheckYaml(string text)
    {
        var parser = new Parser(new StringReader(text));
        var (depth, count) = (0, 0);
        while (parser.MoveNext())
        {
            if (parser.Current is AnchorAlias or NodeEvent { Anchor.IsEmpty: false }) throw new SettingsFileException("anchors and aliases (& and *) are not taken: write the values out");
            depth += parser.Current?.NestingIncrease ?? 0;
            if (depth > MaxDepth) throw new SettingsFileException($"deeper than {MaxDepth} levels");
            if (++count > MaxEvents) throw new SettingsFileException($"more than {MaxKeys} values");
        }
    }

    private static IEnumerable<KeyValuePair<string, string?>> Flatten(YamlNode node, string path)
    {
        switch (node)
        {
            case YamlMappingNode mapping:
                foreach (var (key, value) in mapping.Children)
                {
                    if (key is not YamlScalarNode { Value: { Length: > 0 } name }) throw new SettingsFileException($"a name under '{path}' is not a word");
                    foreach (var pair in Flatten(value, Join(path, name))) yield return pair;
                }

                break;
            case YamlSequenceNode sequence:
                for (var i = 0; i < sequence.Children.Count; i++)
                    foreach (var pair in Flatten(sequence.Children[i], Join(path, i.ToString(System.Globalization.CultureInfo.InvariantCulture))))
                        yield return pair;
                break;
            case YamlScalarNode scalar when path.Length > 0:
                if (!IsNull(scalar)) yield return new KeyValuePair<string, string?>(path, scalar.Value);
                break;
            case YamlScalarNode scalar when !IsNull(scalar):
                throw new SettingsFileException("no names and values in it");
        }
    }

    private static bool IsNull(YamlScalarNode scalar) => scalar.Style == ScalarStyle.Plain && scalar.Value is null or "" or "~" or "null";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}:{name}";

    private static string Text(byte[] content)
    {
        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(content);
        }
        catch (DecoderFallbackException exception)
        {
            throw new SettingsFileException("not UTF-8: save it in that encoding", exception);
        }

        // Readers take it for the end of the text, and half a file for a whole one.
        return text.Contains('\0', StringComparison.Ordinal) ? throw new SettingsFileException("it holds a NUL character: save it as plain UTF-8 text") : text.TrimStart('\uFEFF');
    }

    private static string OneLine(Exception exception)
    {
        while (exception.InnerException is { } inner) exception = inner;
        var message = exception.Message.ReplaceLineEndings(" ");
        return exception is YamlException { Start: var start } ? $"line {start.Line}, column {start.Column}: {message}" : message;
    }
}
