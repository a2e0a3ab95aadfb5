using System.Text;
using System.Text.RegularExpressions;
using BlazorAdmin.Features.Mail;

namespace BlazorAdmin.Tests.Features.Mail;

public sealed class MimeMailTests
{
    [Theory]
    [InlineData("Grace\r\nBcc: everybody@example.org", "Hello")]
    [InlineData("Grace", "Hello\r\nBcc: everybody@example.org")]
    [InlineData("Grace\nX: 1", "Hello\nX: 1")]
    [InlineData("\"Grace\" <evil@example.org>, ", "=?utf-8?B?DQpCY2M6IGE=?=")]
    [InlineData("Grace\u0085\u2028Bcc: a@example.org", "Hello\u2028Bcc: a@example.org\0")]
    public void Write_NameOrSubjectTriesToAddHeaders_StaysInItsHeader(string name, string subject)
    {
        var headers = Headers(Write(name, subject));

        headers.Select(h => h.Name).ShouldBe(["Date", "From", "To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]);
        headers.Single(h => h.Name == "To").Value.ShouldEndWith("<grace@example.org>");
        headers.Single(h => h.Name == "To").Value.Count(c => c == '@').ShouldBe(1);
    }

    [Theory]
    [InlineData("a@example.org\r\nBcc: b@example.org")]
    [InlineData("a@example.org>,<b@example.org")]
    [InlineData("\"a b\"@example.org")]
    [InlineData("a@example.org, b@example.org")]
    [InlineData("")]
    [InlineData("a@-.example")]
    public void Write_AddressThatIsNone_IsRefused(string address)
    {
        MailAddresses.CanBeUsed(address).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => MimeMail.Write(Guid.NewGuid(), "portal@example.org", "Portal", address, "x", new MailParts("s", "t", "h"), DateTimeOffset.UtcNow));
    }

    [Theory]
    [InlineData("Ärger mit Übung: 東京 🚀 und noch sehr viel mehr Text, damit es mehrere Wörter braucht, auch hier 🚀🚀🚀")]
    [InlineData("A long subject in plain letters that does not fit into seventy-five characters and is folded therefore")]
    [InlineData("short")]
    public void Subject_Encoded_ReadsTheSameAndKeepsLinesShort(string subject)
    {
        var mail = Write("Grace", subject);
        mail.Split("\r\n").ShouldAllBe(line => line.Length <= 78);
        Decoded(Headers(mail).Single(h => h.Name == "Subject").Value).ShouldBe(subject);
    }

    [Fact]
    public void Envelope_InternationalDomain_IsInAscii() => MailAddresses.OnEnvelope("post@müller.example").ShouldBe("post@xn--mller-kva.example");

    private static string Write(string name, string subject) =>
        Encoding.UTF8.GetString(MimeMail.Write(Guid.NewGuid(), "portal@example.org", "Portal", "grace@example.org", name, new MailParts(subject, "text", "<p>html</p>"), DateTimeOffset.UtcNow));

    private static List<(string Name, string Value)> Headers(string mail) =>
        [.. mail[..mail.IndexOf("\r\n\r\n", StringComparison.Ordinal)].Replace("\r\n ", " ", StringComparison.Ordinal).Split("\r\n").Select(line => (line[..line.IndexOf(':', StringComparison.Ordinal)], line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..]))];

    private static string Decoded(string value) => Regex.Replace(
        Regex.Replace(value, @"\?= =\?", "?==?"), @"=\?utf-8\?B\?([^?]*)\?=", match => Encoding.UTF8.GetString(Convert.FromBase64String(match.Groups[1].Value)));
}
