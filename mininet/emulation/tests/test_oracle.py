"""The oracle against zlib, against figures worked out elsewhere, and against the promises of an election."""

import random
import unittest
import zlib

from emulation import oracle


class OracleTest(unittest.TestCase):
    def test_crc_is_the_one_of_zlib(self):
        source = random.Random(1)
        for length in range(64):
            data = source.randbytes(length)
            self.assertEqual(zlib.crc32(data), oracle.crc32(data))

    def test_finaliser_has_murmurs_published_behaviour(self):
        self.assertEqual(0, oracle.fmix64(0))
        self.assertEqual(0xB456BCFC34C2CB2C, oracle.fmix64(1))
        self.assertEqual(0x64B5720B4B825F21, oracle.fmix64(0xFFFFFFFFFFFFFFFF))

    def test_connection_id_has_the_order_of_claim_4(self):
        self.assertEqual(
            bytes([0, 80, 10, 100, 0, 1, 0x9C, 0x40, 10, 1, 0, 2]),
            oracle.connection_id(80, "10.100.0.1", 40000, "10.1.0.2"),
        )
        self.assertEqual(36, len(oracle.connection_id(443, "2001:db8::1", 1, "2001:db8::2")))

    def test_ids_are_addresses_or_indexes(self):
        self.assertEqual(bytes([10, 10, 1, 1]), oracle.id_bytes("10.10.1.1"))
        self.assertEqual(bytes([0, 0, 1, 0]), oracle.id_bytes("256"))
        self.assertEqual(16, len(oracle.id_bytes("2001:db8::1")))

    def test_raw_score_is_zero_extended_crc_of_id_then_connection(self):
        connection = oracle.connection_id(80, "10.100.0.1", 40000, "10.1.0.2")
        expected = zlib.crc32(bytes([10, 10, 1, 1]) + connection)
        self.assertEqual(expected, oracle.score("CRC32", 0xFFFF, "10.10.1.1", connection))

    def test_order_of_members_does_not_matter_and_a_leave_moves_only_the_leavers(self):
        source = random.Random(2)
        ids = [f"10.10.{number}.1" for number in range(1, 9)]
        for _ in range(200):
            connection = oracle.connection_id(80, "10.100.0.1", source.randint(1, 65535), "10.1.0.2")
            ranked = oracle.ranking("CRC32_MIXED", 7, ids, connection)
            shuffled = source.sample(ids, len(ids))
            self.assertEqual(ranked, oracle.ranking("CRC32_MIXED", 7, shuffled, connection))
            leaver = source.choice(ids)
            rest = [ilb for ilb in shuffled if ilb != leaver]
            self.assertEqual(
                [ilb for ilb in ranked if ilb != leaver], oracle.ranking("CRC32_MIXED", 7, rest, connection)
            )

    def test_equal_scores_go_to_the_smaller_id(self):
        connection = oracle.connection_id(80, "10.100.0.1", 40000, "10.1.0.2")
        original = oracle.score
        oracle.score = lambda *_: 5
        try:
            self.assertEqual(["9", "10", "10.0.0.1"], oracle.ranking("CRC32", 0, ["10.0.0.1", "10", "9"], connection))
        finally:
            oracle.score = original

    def test_answer_names_owner_backup_and_scores_in_the_order_of_the_ids(self):
        owner, backup, *scores = oracle.answer("CRC32_MIXED 1 1,2,3 80 10.100.0.1 40000 10.1.0.1").split()
        by_id = dict(zip(["1", "2", "3"], scores))
        ranked = sorted(by_id, key=by_id.get, reverse=True)
        self.assertEqual([owner, backup], ranked[:2])
        self.assertTrue(all(len(score) == 16 for score in scores))

    def test_all_connections_of_a_bucket_are_elected_alike(self):
        self.assertEqual(bytes([0, 80, 10, 100, 0, 1, 0, 0x40, 0, 0, 0, 0]), oracle.bucket_id(80, "10.100.0.1", 40001, 0x7E))
        asked = "CRC32_MIXED 1 1,2,3 80 10.100.0.1 {} {} 007e"
        self.assertEqual(oracle.answer(asked.format(40001, "10.1.0.1")), oracle.answer(asked.format(64, "10.9.9.9")))

    def test_one_ilb_has_no_backup(self):
        self.assertEqual("-", oracle.answer("CRC32 0 7 80 10.100.0.1 40000 10.1.0.1").split()[1])


if __name__ == "__main__":
    unittest.main()
