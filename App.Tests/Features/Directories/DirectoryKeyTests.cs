using System.Text;
using BlazorAdmin.Features.Directories;
using BlazorAdmin.Features.Directories.Ldap;

namespace BlazorAdmin.Tests.Features.Directories;

/// <summary>Two people must never get the same lasting id.</summary>
public sealed class DirectoryKeyTests
{
    private static readonly DirectoryOptions Own = new() { IdAttribute = "employeeToken" };

    [Fact]
    public void Key_BytesThatAreNoText_StayApart()
    {
        var keys = new byte[][] { [0xFF, 0x01], [0xFE, 0x01], [0x41, 0x00], [0x41, 0x0A], [0xC3, 0x28] }.Select(Key).ToList();

        keys.ShouldBe(["ff01", "fe01", "4100", "410a", "c328"]);
    }

    [Fact]
    public void Key_TextThatDiffersInCaseOrBlanks_StaysApart() =>
        new[] { "Ab", "aB", " Ab", "\u00c4" }.Select(text => Key(Encoding.UTF8.GetBytes(text))).ShouldBe(["Ab", "aB", " Ab", "\u00c4"]);

    [Fact]
    public void Key_Guids_AreWrittenOneWay()
    {
        var guid = Guid.NewGuid();

        DirectoryClient.KeyOf(new DirectoryOptions(), Entry("entryUUID", Encoding.UTF8.GetBytes(guid.ToString().ToUpperInvariant()))).ShouldBe(guid.ToString());
        DirectoryClient.KeyOf(new DirectoryOptions { IdAttribute = "entryuuid" }, Entry("entryUUID", Encoding.UTF8.GetBytes(guid.ToString().ToUpperInvariant()))).ShouldBe(guid.ToString());
        DirectoryClient.KeyOf(new DirectoryOptions(), Entry("objectGUID", guid.ToByteArray())).ShouldBe(guid.ToString());
        DirectoryClient.KeyOf(Own, Entry("employeeToken", [])).ShouldBeNull();
    }

    private static string? Key(byte[] value) => DirectoryClient.KeyOf(Own, Entry("employeeToken", value));

    private static LdapEntry Entry(string attribute, byte[] value) => new("cn=x", new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.OrdinalIgnoreCase) { [attribute] = [value] });
}
