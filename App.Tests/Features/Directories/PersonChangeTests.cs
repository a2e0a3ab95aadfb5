using BlazorAdmin.Features.Directories;

namespace BlazorAdmin.Tests.Features.Directories;

public sealed class PersonChangeTests
{
    private static readonly Guid Own = Guid.NewGuid(), Given = Guid.NewGuid(), Fresh = Guid.NewGuid();
    private static readonly LinkedAccount Account = new(Guid.NewGuid(), "key", "Grace", "grace@example.org", "uid=grace", false, null, [Own, Given], [Given], []);
    private static readonly ExternalPerson Person = new("key", "uid=grace", "Grace", "GRACE@example.org", []);

    [Fact]
    public void Between_NothingDiffers_IsEmpty() => PersonChange.Between(Account, Person, [Given], ExternalSource.Directory).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_GroupsChanged_TakesOnlyWhatTheDirectoryGave()
    {
        var change = PersonChange.Between(Account, Person, [Fresh], ExternalSource.Directory);

        change.Give.ShouldBe([Fresh]);
        change.Note.ShouldBe([Fresh]);
        change.Take.ShouldBe([Given]);
    }

    [Fact]
    public void Between_RoleThatAnAdministratorGave_IsNotNotedAsTheDirectorys() => PersonChange.Between(Account, Person, [Own, Given], ExternalSource.Directory).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_RoleThatTheProxyGivesToo_IsForgottenButKept()
    {
        var change = PersonChange.Between(Account with { Kept = [Given] }, Person, [], ExternalSource.Directory);

        (change.Forget.Single(), change.Take.Count).ShouldBe((Given, 0));
    }

    [Fact]
    public void Between_ProxyThatSendsItsNameAlone_LeavesNameAndAddress() =>
        PersonChange.Between(Account, new ExternalPerson("root@corp.example", null, "", "root@corp.example", null), null, ExternalSource.Proxy).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_NothingKnownAboutGroups_LeavesRoles() => PersonChange.Between(Account, Person, null, ExternalSource.Directory).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_Gone_Closes() => PersonChange.Between(Account, null, null, ExternalSource.Directory).Close.ShouldBeTrue();

    [Fact]
    public void Between_ClosedInTheDirectory_Closes() => PersonChange.Between(Account, Person with { Closed = true }, [Given], ExternalSource.Directory).Close.ShouldBeTrue();

    [Fact]
    public void Between_GoneButOpenedAgainByHand_StaysOpen() => PersonChange.Between(Account with { GoneAt = DateTimeOffset.UnixEpoch }, null, null, ExternalSource.Directory).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_Back_ReopensOnlyWhatTheDirectoryClosed()
    {
        PersonChange.Between(Account with { Closed = true, GoneAt = DateTimeOffset.UnixEpoch }, Person, [Given], ExternalSource.Directory).Reopen.ShouldBeTrue();
        PersonChange.Between(Account with { Closed = true }, Person, [Given], ExternalSource.Directory).IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void Between_NamedByTheProxy_NeverReopens() =>
        PersonChange.Between(Account with { Closed = true, GoneAt = DateTimeOffset.UnixEpoch }, Person, [Given], ExternalSource.Proxy).IsEmpty.ShouldBeTrue();

    [Fact]
    public void Between_NameMailAndEntryChanged_AreTaken()
    {
        var change = PersonChange.Between(Account, Person with { Name = "Grace H", Mail = "gh@example.org", Entry = "uid=gh" }, [Given], ExternalSource.Directory);

        (change.Name, change.Mail, change.Entry).ShouldBe(("Grace H", "gh@example.org", "uid=gh"));
    }
}
