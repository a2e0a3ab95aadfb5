namespace BlazorAdmin.Features.Mail;

/// <summary>
/// A kind of mail, declared in code: its key and what its texts may name. Delivered texts are resources
/// <c>Templates/key-language.mail</c>; its title stands in the texts under <c>Template.key</c>.
/// </summary>
/// <param name="Key"><c>slice.kind</c>, for instance <c>account.reset</c>.</param>
public sealed record MailTemplate(string Key, params IReadOnlyList<MailVariable> Variables)
{
    /// <summary>What every template may name.</summary>
    public static readonly IReadOnlyList<MailVariable> Common = [MailVariable.Text("portal", "BlazorAdmin"), MailVariable.Text("name", "Grace Hopper")];

    public IEnumerable<MailVariable> All => Common.Concat(Variables);

    public MailVariable? Find(string name) => All.FirstOrDefault(v => v.Name == name);

    /// <summary>Values of every variable for the preview.</summary>
    public MailModel SampleModel()
    {
        var model = new MailModel();
        foreach (var variable in All) model.Put(variable.Name, variable.Sample);
        return model;
    }
}
