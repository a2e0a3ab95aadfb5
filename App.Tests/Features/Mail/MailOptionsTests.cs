using System.ComponentModel.DataAnnotations;
using BlazorAdmin.Features.Mail;

namespace BlazorAdmin.Tests.Features.Mail;

public sealed class MailOptionsTests
{
    [Theory]
    [InlineData("mail.example.org", "portal", MailSecurity.None, false)]
    [InlineData("192.0.2.1", "portal", MailSecurity.None, false)]
    [InlineData("localhost.example.org", "portal", MailSecurity.None, false)]
    [InlineData("mail.example.org", "portal", MailSecurity.StartTls, true)]
    [InlineData("mail.example.org", null, MailSecurity.None, true)]
    [InlineData("localhost", "portal", MailSecurity.None, true)]
    [InlineData("127.0.0.1", "portal", MailSecurity.None, true)]
    [InlineData("::1", "portal", MailSecurity.None, true)]
    public void Validate_SignInWithoutTls_OnlyOnThisMachine(string host, string? user, MailSecurity security, bool good)
    {
        var options = new MailOptions { Host = host, UserName = user, Security = security };
        var results = new List<ValidationResult>();

        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true).ShouldBe(good);

        if (good) return;
        results.ShouldHaveSingleItem().MemberNames.ShouldBe([nameof(MailOptions.Security)]);
        results[0].ErrorMessage.ShouldNotBeNull().ShouldStartWith("A sign-in wants TLS:");
    }
}
