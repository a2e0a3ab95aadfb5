using System.Text;
using BlazorAdmin.Features.Documents.Formats;
using BlazorAdmin.Features.Documents.Reading;

namespace BlazorAdmin.Tests.Features.Documents.Formats;

public sealed class MailTests
{
    [Theory]
    [InlineData("attachment; filename=\"a;b.pdf\"", "a;b.pdf")]
    [InlineData("attachment; filename*=UTF-8''Gr%C3%BC%C3%9Fe.pdf", "Grüße.pdf")]
    [InlineData("attachment; filename*0*=iso-8859-1''Gr%FC; filename*1=\"ss e.pdf\"", "Grüss e.pdf")]
    [InlineData("attachment; filename=\"=?UTF-8?B?R3LDvMOfZQ==?=\"", "Grüße")]
    [InlineData("attachment; filename=plain.txt", "plain.txt")]
    [InlineData("attachment", null)]
    public void Find_FileName_InEveryCoding(string header, string? expected) => EmailParameter.Find(header, "filename").ShouldBe(expected);

    [Fact]
    public void Read_Attachments_WithoutPicturesOfTheText()
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, Mail(
                ("Content-Type: text/plain", "Body"),
                ("Content-Type: image/png; name=logo.png\nContent-Disposition: inline; filename=logo.png\nContent-ID: <x>", "logo"),
                ("Content-Type: application/pdf\nContent-Disposition: attachment; filename=../offer.pdf\nContent-Transfer-Encoding: base64", Convert.ToBase64String("pdf"u8)),
                ("Content-Type: message/rfc822", "Subject: Inner\nFrom: a@b.c\n\nText")));
            var found = MailAttachments.Read(path).ToList();
            found.Select(one => (one.Part, one.Name, Encoding.UTF8.GetString(one.Content))).ShouldBe([(1, "../offer.pdf", "pdf"), (2, "Inner.eml", "Subject: Inner\nFrom: a@b.c\n\nText")]);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Read_FoldedAndEncodedHeaders_AreReadable()
    {
        using var bench = await ReadingBench.Create();
        var reading = await bench.Read("a.eml", Zips.Bytes("From: =?iso-8859-1?Q?J=FCrgen?=\r\n =?iso-8859-1?Q?_M=FCller?= <j@e.org>\r\nTo: b@e.org\r\nSubject: a long\r\n\tsubject\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Gr&uuml;&szlig;e <script>x</script></p>"));
        reading.Pages.ShouldHaveSingleItem().Text.ShouldBe("From: Jürgen Müller <j@e.org>\nTo: b@e.org\nSubject: a long subject\n\nGrüße");
        bench.Lines.ShouldHaveSingleItem();
    }

    internal static string Mail(params (string Head, string Body)[] parts) =>
        "From: a@example.org\nTo: b@example.org\nSubject: Offer\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=\"xx\"\n\n" + string.Concat(parts.Select(part => $"--xx\n{part.Head}\n\n{part.Body}\n")) + "--xx--\n";
}
