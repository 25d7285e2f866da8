using Headgate.Settings;

namespace Headgate.Tests.Settings;

/// <summary>What <c>headgate check</c> says of <c>headgate.control_plane</c>.</summary>
public sealed class ControlPlaneSettingsTests
{
    private const string Role = "deployment: {role: data_plane}, ";

    [Fact]
    public void Good_IsRead()
    {
        ControlPlaneSettings planes = Load.Good("{" + Role + "headgate: {control_plane: {addresses: ['https://a:9180', 'http://127.0.0.1:9180'], token: hgi_0123456789abcdef}}}").ControlPlane;
        planes.Addresses.Items.Select(static address => address.ToString()).ShouldBe(["https://a:9180/", "http://127.0.0.1:9180/"]);
        planes.Token!.Value.ShouldBe("hgi_0123456789abcdef");
        planes.ToString().ShouldNotContain("hgi_0123456789abcdef");
    }

    [Theory]
    [InlineData(Role, "addresses: ['https://a:9180']", "addresses: needs headgate.control_plane.token or headgate.control_plane.cert: a control plane takes no line of somebody it does not know")]
    [InlineData(Role, "addresses: ['https://a:9180'], token: hgi_0123456789abcdef, key: /dev/null", "key: needs headgate.control_plane.cert beside it")]
    [InlineData(Role, "addresses: ['https://a:9180'], cert: /dev/null", "cert: needs headgate.control_plane.key beside it")]
    [InlineData(Role, "addresses: ['https://a:9180'], token: hgi_0123456789abcdef, ca: /nowhere/ca.pem", "ca: file /nowhere/ca.pem does not exist; use the path of a PEM file")]
    [InlineData(Role, "token: hgi_0123456789abcdef", "token: has no effect: there is no headgate.control_plane.addresses")]
    [InlineData("", "addresses: ['https://a:9180'], token: hgi_0123456789abcdef", "addresses: has no effect: no other process knows what this one's store holds; leave the key out, or set config_provider to etcd")]
    [InlineData("deployment: {role: control_plane}, ", "addresses: ['https://a:9180'], token: hgi_0123456789abcdef", "addresses: has no effect: a control plane reports to nobody; leave the key out")]
    [InlineData(Role, "addresses: ['ftp://a:9180'], token: hgi_0123456789abcdef", "addresses")]
    [InlineData(Role, "addresses: ['https://a:9180/api'], token: hgi_0123456789abcdef", "addresses")]
    [InlineData(Role, "addresses: ['https://user:word@a:9180'], token: hgi_0123456789abcdef", "addresses")]
    public void Wrong_IsAnError_ThatNamesTheKey(string role, string planes, string expected)
    {
        string[] errors = Load.Errors("{" + role + "headgate: {control_plane: {" + planes + "}}}");
        errors.ShouldContain(error => error.Contains("headgate.control_plane." + expected, StringComparison.Ordinal), string.Join('\n', errors));
        errors.ShouldAllBe(static error => !error.Contains("hgi_", StringComparison.Ordinal));
    }

    [Fact]
    public void ClearTextOverTheNetwork_Warns() =>
        Load.Warnings("{" + Role + "headgate: {control_plane: {addresses: ['http://10.0.0.1:9180'], token: hgi_0123456789abcdef}}}")
            .ShouldHaveSingleItem().ShouldContain("headgate.control_plane.addresses: http sends the token and what is reported unencrypted over the network; use https");
}
