using System.Security.Cryptography;
using Headgate.Store.Protection;
using Headgate.Store.Tests.Embedded;

namespace Headgate.Store.Tests.Protection;

public sealed class KeyRingTests
{
    private const string Place = "/apisix/secrets/vault/1#token";

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("äöü 😀\n\"\\")]
    [InlineData("$enc1:00000000:AAAA")]
    public void Seal_AnyText_IsRevealedThere(string text)
    {
        KeyRing ring = new([Key()]);
        string form = ring.Seal(Place, text);

        form.ShouldStartWith("$enc1:");
        (text.Length < 8 || !form.Contains(text, StringComparison.Ordinal)).ShouldBeTrue(); // a letter may be in it by chance
        form.Length.ShouldBeLessThanOrEqualTo(ring.Overhead + (System.Text.Encoding.UTF8.GetByteCount(text) * 4 / 3));
        ring.TryReveal(Place, form, out string revealed, out string? problem).ShouldBeTrue(problem);
        revealed.ShouldBe(text);
    }

    [Fact]
    public void Seal_SameTextTwice_HasOneFormAPlace()
    {
        KeyRing ring = new([Key()]);

        ring.Seal(Place, "x").ShouldBe(ring.Seal(Place, "x"));
        ring.Seal(Place + "2", "x").ShouldNotBe(ring.Seal(Place, "x"));
        ring.Seal(Place, "y").ShouldNotBe(ring.Seal(Place, "x"));
    }

    [Fact]
    public void TryReveal_AnywhereElseOrDamaged_Fails()
    {
        KeyRing ring = new([Key()]);
        string form = ring.Seal(Place, "secret");
        string damaged = form[..^6] + (form[^6] == 'A' ? 'B' : 'A') + form[^5..];

        foreach ((string place, string given) in ((string, string)[])[("/apisix/secrets/vault/2#token", form), (Place, damaged), (Place, form[..20]), (Place, form + "%")])
        {
            ring.TryReveal(place, given, out string text, out string? problem).ShouldBeFalse();
            problem.ShouldBe("it was changed, or copied from another place");
            text.ShouldBe(given);
        }
    }

    [Fact]
    public void TryReveal_PlainText_IsItself()
    {
        new KeyRing([Key()]).TryReveal(Place, "plain", out string text, out _).ShouldBeTrue();
        text.ShouldBe("plain");
    }

    [Fact]
    public void Rotation_OldKeyBehindTheNew_RevealsBothAndSealsUnderTheNew()
    {
        byte[] old = Key();
        byte[] fresh = Key();
        string before = new KeyRing([old]).Seal(Place, "secret");
        KeyRing ring = new([fresh, old]);
        string after = ring.Seal(Place, "secret");

        ring.TryReveal(Place, before, out string text, out _).ShouldBeTrue();
        text.ShouldBe("secret");
        after.ShouldNotBe(before);
        new KeyRing([fresh]).TryReveal(Place, after, out text, out _).ShouldBeTrue();
        new KeyRing([fresh]).TryReveal(Place, before, out _, out string? problem).ShouldBeFalse();
        problem.ShouldContain("which the key ring does not have");
    }

    [Fact]
    public void File_IsMadeOnceForItsOwnerOnly()
    {
        using TempFolder folder = TempFolder.OnDisk();
        string form = KeyRingFile.ReadOrCreate(folder.Path, out bool created).Seal(Place, "secret");
        created.ShouldBeTrue();

        KeyRing again = KeyRingFile.ReadOrCreate(folder.Path, out created);

        created.ShouldBeFalse();
        again.TryReveal(Place, form, out string text, out _).ShouldBeTrue();
        text.ShouldBe("secret");
        File.GetUnixFileMode(Path.Combine(folder.Path, KeyRingFile.FileName)).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Theory]
    [InlineData("", "holds no key")]
    [InlineData("# only a comment\n", "holds no key")]
    [InlineData("# comment\nnot a key\n", "line 2 is no key, which has 32 bytes in base64")]
    [InlineData("AAAA\n", "line 1 is no key")]
    public void File_WithoutAKey_IsRefused(string content, string text)
    {
        using TempFolder folder = TempFolder.OnDisk();
        File.WriteAllText(Path.Combine(folder.Path, KeyRingFile.FileName), content);

        Should.Throw<StoreUnavailableException>(() => KeyRingFile.ReadOrCreate(folder.Path, out _)).Message.ShouldContain(text);
    }

    private static byte[] Key() => RandomNumberGenerator.GetBytes(KeyRing.KeyBytes);
}
