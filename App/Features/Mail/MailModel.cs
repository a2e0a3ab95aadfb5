namespace BlazorAdmin.Features.Mail;

/// <summary>The values with which one mail is written.</summary>
public sealed class MailModel
{
    private readonly Dictionary<string, object> _values = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, object> Values => _values;

    public MailModel With(string name, string value) => Put(name, value);

    public MailModel With(string name, bool value) => Put(name, value);

    public MailModel With(string name, IReadOnlyList<IReadOnlyDictionary<string, string>> rows) => Put(name, rows);

    internal MailModel Put(string name, object value)
    {
        _values[name] = value;
        return this;
    }
}
