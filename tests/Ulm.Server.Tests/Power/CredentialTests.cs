using Ulm.Engine.Actions;
using Ulm.Server.Configuration;
using Ulm.Server.Power;

namespace Ulm.Server.Tests.Power;

/// <summary>Passwords from files and from systemd, and what is said of those that can't be used.</summary>
public sealed class CredentialTests : IDisposable
{
    private const string Variable = "CREDENTIALS_DIRECTORY";

    private readonly TempFolder _folder = new();
    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        _folder.Dispose();
    }

    [Fact]
    public void A_credential_of_systemds_is_read_though_its_access_list_shows_as_a_groups()
    {
        Environment.SetEnvironmentVariable(Variable, _folder.Path);
        File.SetUnixFileMode(_folder.Write("bmc-h1", "s3cret\nmore\n"), UnixFileMode.UserRead | UnixFileMode.GroupRead);

        Assert.Equal("s3cret", Secret.Read(new SecretSource.Credential("bmc-h1")));
        Assert.Empty(Secret.Faults(new SecretSource.Credential("bmc-h1")));
    }

    [Fact]
    public void Without_systemd_it_is_said_which_line_of_the_unit_is_missing()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        Assert.Equal(
            "there is no credential bmc-h1: systemd sets CREDENTIALS_DIRECTORY for units with LoadCredential=bmc-h1:PATH or LoadCredentialEncrypted=",
            Assert.Throws<ActionFailedException>(() => Secret.Read(new SecretSource.Credential("bmc-h1"))).Message);
    }

    [Fact]
    public void One_that_systemd_was_not_told_of_is_named()
    {
        Environment.SetEnvironmentVariable(Variable, _folder.Path);
        Assert.Equal([$"the password can't be read: Could not find file '{_folder.File("bmc-h1")}'."], Secret.Faults(new SecretSource.Credential("bmc-h1")));
    }

    [Theory]
    [InlineData("", "has no password in its first line")]
    [InlineData("\nsecond", "has no password in its first line")]
    public void An_empty_file_is_no_password(string text, string because)
    {
        var file = _folder.Write("password", text);
        File.SetUnixFileMode(file, UnixFileMode.UserRead);
        Assert.Equal([$"{file} {because}"], Secret.Faults(new SecretSource.InFile(file)));
    }

    [Fact]
    public void A_folder_or_a_missing_file_is_said_to_be_unreadable()
    {
        Assert.StartsWith("the password can't be read: ", Assert.Single(Secret.Faults(new SecretSource.InFile(_folder.Path))));
        Assert.StartsWith("the password can't be read: ", Assert.Single(Secret.Faults(new SecretSource.InFile(_folder.File("nothing")))));
    }
}
